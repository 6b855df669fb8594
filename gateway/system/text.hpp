// Small text helpers, for ASCII: names of settings, of SQL objects and of files have nothing else.
#pragma once

#include <string>
#include <string_view>

namespace geocell::gateway {

std::string lower(std::string_view text);
// Without spaces, tabs and line ends on either side.
std::string trim(std::string_view text);

}  // namespace geocell::gateway
