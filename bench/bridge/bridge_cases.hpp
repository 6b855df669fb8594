// The batches of the bridge's benchmark, as Redshift would send them, each with the three limits that its
// time is held against.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace geocell::bench {

struct BridgeCase {
  std::string function;
  std::string request;  // the whole payload
  std::size_t rows = 0;
  // What cannot be avoided, each once over the whole batch:
  std::function<void()> parse;  // simdjson's on-demand parse of the request into typed values
  std::function<void()> core;   // the core function on the parsed values
  std::function<void()> print;  // the characters of its results: std::to_chars of numbers, a copy of text
};

// Random points, tokens and cells of fixed seed; the counties of data/us-atlas.
std::vector<BridgeCase> bridge_cases();

// Keeps a value that nobody reads from being optimised away.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

}  // namespace geocell::bench
