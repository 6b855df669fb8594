#include "gateway/verbs/verb.hpp"

#include <algorithm>

namespace geocell::gateway {
namespace {

// Inside a function: verbs register before main(), in any order.
std::vector<Verb>& registry() {
  static std::vector<Verb> verbs;
  return verbs;
}

}  // namespace

RegisteredVerb::RegisteredVerb(Verb verb) { registry().push_back(std::move(verb)); }

std::vector<Verb> registered_verbs() {
  std::vector<Verb> verbs = registry();
  std::ranges::sort(verbs, {}, [](const Verb& verb) { return verb.head.place; });
  return verbs;
}

}  // namespace geocell::gateway
