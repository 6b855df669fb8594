// polyfill_peers PEER,... FILE RESOLUTION MODE EVERY RUNS ANSWERS: measures one polyfill of every EVERY-th
// geometry of FILE, and prints one line of JSON per peer. PEER: geocell, geos, s2-compact, s2-fixed,
// geocell-s2; or a limit: wkb (reading the geometries from WKB), stores and memcpy (writing as many values as
// geocell gives). ANSWERS: a file for the cells of the first peer, or "-".
//
// A pass goes over all geometries. The first one writes the answers and is not counted, unless it took more
// than kLongSeconds: then it is the only one, timed geometry by geometry. Several peers take turns, pass by
// pass, so that they see the same machine; passes go on until there are RUNS of them
// and they took kShortSeconds.
#include <charconv>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "bench/compare/peer.hpp"
#include "bench/support/data_set.hpp"
#include "bench/support/polyfill_forms.hpp"
#include "geocell/s2.hpp"

namespace geocell::bench {
namespace {

constexpr double kLongSeconds = 2;
constexpr double kShortSeconds = 0.3;

template <class Number>
Number number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::runtime_error("\"" + std::string(text) + "\" is not a number");
  }
  return value;
}

struct Arguments {
  std::vector<std::string> peers;
  std::string file;
  int resolution;
  PolyfillMode mode;
  std::size_t every;
  std::size_t runs;
  std::string answers;
};

Fill geocell_peer(const std::vector<Geometry>& geometries, int resolution, PolyfillMode mode) {
  return [&geometries, resolution, mode, forms = std::make_shared<PolyfillForms>()](std::size_t index) {
    return forms->array(geometries[index], resolution, mode);
  };
}

Fill geocell_s2_peer(const std::vector<Geometry>& geometries, int level) {
  return [&geometries, level, ids = std::make_shared<std::vector<std::int64_t>>()](
             std::size_t index) -> std::span<const std::int64_t> {
    const auto cells = s2::polyfill(CallContext{}, geometries[index], level, "intersects");
    if (!cells) throw std::runtime_error(cells.error().message);
    if (ids->size() < cells->count()) ids->resize(cells->count());
    cells->fill({ids->data(), cells->count()});
    return {ids->data(), cells->count()};
  };
}

// Gives no cells.
Fill wkb_reader(const std::vector<Geometry>& geometries) {
  std::vector<std::string> wkbs;
  for (const Geometry& geometry : geometries) wkbs.push_back(write_wkb(geometry));
  return [wkbs = std::move(wkbs)](std::size_t index) -> std::span<const std::int64_t> {
    if (!read_wkb(std::as_bytes(std::span(wkbs[index])))) throw std::runtime_error("read_wkb");
    return {};
  };
}

std::vector<std::size_t> counts_of(const Fill& fill, std::size_t geometries) {
  std::vector<std::size_t> counts;
  for (std::size_t i = 0; i < geometries; ++i) counts.push_back(fill(i).size());
  return counts;
}

Fill make_peer(const std::string& peer, const Arguments& arguments, const std::vector<Geometry>& geometries) {
  const int resolution = arguments.resolution;
  const auto geocell = [&] { return geocell_peer(geometries, resolution, arguments.mode); };
  if (peer == "geocell") return geocell();
  if (peer == "geos") return geos_peer(geometries, resolution, arguments.mode);
  if (peer == "s2-compact") return s2_peer(geometries, resolution, true);
  if (peer == "s2-fixed") return s2_peer(geometries, resolution, false);
  if (peer == "geocell-s2") return geocell_s2_peer(geometries, resolution);
  if (peer == "wkb") return wkb_reader(geometries);
  if (peer == "stores") return store_loop(counts_of(geocell(), geometries.size()));
  if (peer == "memcpy") return memory_copy(counts_of(geocell(), geometries.size()));
  throw std::runtime_error("unknown peer " + peer);
}

std::string list(const std::vector<double>& values) {
  std::string text = "[";
  for (const double value : values) text += (text.size() > 1 ? ", " : "") + to_text(value);
  return text + "]";
}

// Per geometry the number of its cells and the cells, as 8-byte integers of this machine.
void write_answer(std::ofstream& out, std::span<const std::int64_t> cells) {
  const auto count = static_cast<std::int64_t>(cells.size());
  out.write(reinterpret_cast<const char*>(&count), sizeof count);
  out.write(reinterpret_cast<const char*>(cells.data()), static_cast<std::streamsize>(cells.size_bytes()));
}

// The cells of all geometries together.
std::uint64_t pass(const Fill& fill, std::size_t geometries) {
  std::uint64_t cells = 0;
  for (std::size_t i = 0; i < geometries; ++i) cells += fill(i).size();
  return cells;
}

struct Measured {
  std::string peer;
  Fill fill;
  std::uint64_t cells = 0;
  std::vector<double> seconds;
  bool only_once = false;
};

void first_pass(Measured& peer, std::size_t geometries, std::ofstream& answers) {
  double seconds = 0;
  for (std::size_t i = 0; i < geometries; ++i) {
    const double began = cpu_seconds();
    const auto answer = peer.fill(i);
    seconds += cpu_seconds() - began;
    peer.cells += answer.size();
    if (answers.is_open()) write_answer(answers, answer);
  }
  peer.only_once = seconds > kLongSeconds;
  if (peer.only_once) peer.seconds.push_back(seconds);
}

void measure(const Arguments& arguments) {
  const std::vector<Geometry> geometries = read_geometries(arguments.file, arguments.every);
  std::vector<Measured> peers;
  for (const std::string& peer : arguments.peers) {
    peers.push_back({.peer = peer, .fill = make_peer(peer, arguments, geometries), .seconds = {}});
  }
  std::ofstream answers;
  if (arguments.answers != "-") {
    answers.open(arguments.answers, std::ios::binary);
    if (!answers) throw std::runtime_error("cannot write " + arguments.answers);
  }
  for (Measured& peer : peers) {
    first_pass(peer, geometries.size(), answers);
    answers.close();
  }
  double total_seconds = 0;
  for (std::size_t run = 0; run < arguments.runs || total_seconds < kShortSeconds; ++run) {
    const double before = total_seconds;
    for (Measured& peer : peers) {
      if (peer.only_once) continue;
      const double began = cpu_seconds();
      if (pass(peer.fill, geometries.size()) != peer.cells) {
        throw std::runtime_error(peer.peer + ": two passes differ in their number of cells");
      }
      peer.seconds.push_back(cpu_seconds() - began);
      total_seconds += peer.seconds.back();
    }
    if (total_seconds == before) break;
  }
  for (const Measured& peer : peers) {
    std::cout << R"({"polygons": )" << geometries.size() << R"(, "cells": )" << peer.cells
              << R"(, "failed": 0, "seconds": )" << list(peer.seconds) << "}\n";
  }
}

std::vector<std::string> split(const std::string& names) {
  std::vector<std::string> parts;
  std::istringstream input(names);
  for (std::string part; std::getline(input, part, ',');) parts.push_back(part);
  return parts;
}

int main_of(int argc, char** argv) {
  if (argc != 8) {
    std::cerr << "usage: polyfill_peers PEER,... FILE RESOLUTION MODE EVERY RUNS ANSWERS\n";
    return 2;
  }
  const auto mode = parse_polyfill_mode(argv[4]);
  if (!mode) throw std::runtime_error(mode.error().message);
  measure({split(argv[1]), argv[2], number<int>(argv[3]), *mode, number<std::size_t>(argv[5]),
           number<std::size_t>(argv[6]), argv[7]});
  return 0;
}

}  // namespace
}  // namespace geocell::bench

int main(int argc, char** argv) {
  try {
    return geocell::bench::main_of(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "polyfill_peers: " << error.what() << '\n';
    return 1;
  }
}
