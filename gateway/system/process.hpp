// Runs a program and waits for it. Arguments go straight to exec: no shell.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace geocell::gateway {

struct ProcessResult {
  int exit_status = 0;  // 128 + signal when killed; 127 when the program could not be started
  std::string out;
  std::string err;
  bool timed_out = false;
};

// `environment` is added to (and beats) this process's own; an empty value unsets. `input` is the child's
// stdin. After `timeout` the child is killed.
ProcessResult run_process(const std::vector<std::string>& arguments, const std::string& input,
                          const std::map<std::string, std::string>& environment,
                          std::chrono::seconds timeout);

// Runs a program with this one's terminal, folder and environment. Returns its exit status; 128 + signal when
// killed. Throws Failure when it cannot be started.
int run_in_foreground(const std::vector<std::string>& arguments);

}  // namespace geocell::gateway
