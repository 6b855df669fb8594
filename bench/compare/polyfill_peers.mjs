// polyfill_peers.mjs FILE RESOLUTION EVERY RUNS ANSWERS: npm's `quadbin`, as polyfill_peers.cpp has it. Its only
// predicate: the cell meets the polygon. Run from build/bench-tools.
import {closeSync, openSync, readFileSync, writeSync} from 'node:fs';
import {createRequire} from 'node:module';

const LONG_RUN_SECONDS = 2;
const {geometryToCells} = createRequire(`${process.cwd()}/`)('quadbin');
const [path, resolution, every, runs, answers] = process.argv.slice(2);

const cpuSeconds = () => {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1e6;
};
const fill = (shape) => geometryToCells(shape, BigInt(resolution));
const shapes = readFileSync(path, 'utf8').trimEnd().split('\n')
  .filter((_, i) => i % Number(every) === 0).map((line) => JSON.parse(line));

const out = answers === '-' ? null : openSync(answers, 'w');
let cells = 0, failed = 0, firstSeconds = 0;
const good = [];
for (const shape of shapes) {
  const began = cpuSeconds();
  let answer = [];
  try {
    answer = fill(shape);
    good.push(shape);
  } catch {
    failed += 1; // whatever a peer throws for a polygon: it has no answer
  }
  firstSeconds += cpuSeconds() - began;
  cells += answer.length;
  if (out !== null) writeSync(out, new Uint8Array(BigInt64Array.from([BigInt(answer.length), ...answer]).buffer));
}
if (out !== null) closeSync(out);

const seconds = firstSeconds > LONG_RUN_SECONDS ? [firstSeconds] : [];
while (firstSeconds <= LONG_RUN_SECONDS && seconds.length < Number(runs)) {
  const began = cpuSeconds();
  for (const shape of good) fill(shape);
  seconds.push(cpuSeconds() - began);
}
console.log(JSON.stringify({polygons: shapes.length, cells, failed, seconds}));
