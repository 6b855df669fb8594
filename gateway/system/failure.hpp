// How the gateway fails: one exception, caught in main and around each step of a deployment. (The core
// reports errors by value because it is called a million times a second from C; an operator's program is
// not.)
#pragma once

#include <stdexcept>
#include <string>

namespace geocell::gateway {

// The text is for the operator: it names the offending value and what would be right. Never holds a secret.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The operator said no. Not an error: exit status 0, as CARTO's installer does.
class Cancelled : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace geocell::gateway
