#include "lambda_bridge/rows/known_rows.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace geocell::bridge {
namespace {

constexpr std::size_t kMaxCompared = 16;

bool equal(const Element& a, const Element& b) {
  using Kind = Element::Kind;
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return a.boolean == b.boolean;
    case Kind::integer:
    case Kind::big_integer:
      return a.integer == b.integer;
    case Kind::real:
      return a.real == b.real;
    case Kind::text:
    case Kind::array:
      return a.text == b.text;
    case Kind::object:
      break;
  }
  return false;  // an error as any argument, and each error names its own row
}

// A long text is hashed by its length and samples: equal hashes are only candidates, compared in full.
std::size_t hash_of_text(std::string_view text) {
  constexpr std::size_t kSample = 16, kSamples = 4;
  const std::hash<std::string_view> hash_all{};
  if (text.size() <= kSample * kSamples) return hash_all(text);
  std::array<char, kSample * kSamples> samples;
  const std::size_t step = (text.size() - kSample) / (kSamples - 1);
  for (std::size_t i = 0; i < kSamples; ++i) text.copy(samples.data() + i * kSample, kSample, i * step);
  return hash_all({samples.data(), samples.size()}) ^ text.size();
}

std::size_t hash(std::span<const Element> arguments) {
  std::size_t hash = arguments.size();
  for (const Element& argument : arguments) {
    const std::size_t part =
        argument.text.empty() ? std::hash<std::int64_t>()(argument.integer) : hash_of_text(argument.text);
    hash = (hash ^ part) * 0x9e3779b97f4a7c15;  // Knuth's multiplicative hashing, 2^64 over the golden ratio
  }
  return hash;
}

}  // namespace

std::optional<std::size_t> KnownRows::find_or_add(std::span<const Element> arguments, std::size_t row) {
  if (2 * entries_.size() >= slots_.size()) grow();
  const std::size_t key = hash(arguments);
  std::size_t slot = slot_of(key);
  std::size_t compared = 0;
  for (; slots_[slot] != 0; slot = slot_of(slot + 1)) {
    const Entry& entry = entries_[slots_[slot] - 1];
    // Many different rows with one hash suggest an attack; stop comparing.
    if (entry.hash != key || ++compared > kMaxCompared) continue;
    const auto known =
        std::span(arguments_).subspan(entry.arguments_begin, entry.arguments_end - entry.arguments_begin);
    if (std::ranges::equal(known, arguments, equal)) return entry.row;
  }
  const std::size_t begin = arguments_.size();
  arguments_.insert(arguments_.end(), arguments.begin(), arguments.end());
  entries_.push_back({key, row, begin, arguments_.size()});
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  last_slot_ = slot;
  return std::nullopt;
}

void KnownRows::drop_last() {
  slots_[last_slot_] = 0;
  arguments_.resize(entries_.back().arguments_begin);
  entries_.pop_back();
}

void KnownRows::grow() {
  constexpr std::size_t kFirstSlots = 64;
  slots_.assign(std::max(kFirstSlots, 2 * slots_.size()), 0);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = slot_of(entries_[i].hash);
    while (slots_[slot] != 0) slot = slot_of(slot + 1);
    slots_[slot] = i + 1;
  }
}

}  // namespace geocell::bridge
