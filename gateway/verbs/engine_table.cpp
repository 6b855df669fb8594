#include "gateway/verbs/engine_table.hpp"

#include <array>

#include "gateway/engines/redshift/redshift_engine.hpp"

namespace geocell::gateway {

std::span<const Engine* const> engines() {
  static constexpr std::array kEngines = {&kRedshift};
  return kEngines;
}

}  // namespace geocell::gateway
