// A verb of the program is one file: it registers its name, its help, its options and its code.
//
//   struct Options { int minutes = 10; };
//   void declare(OptionSet& set, Options& options) {
//     set.number("--minutes", options.minutes, 1, 100000, "How far back");
//   }
//   int run(const Options& options, const GlobalOptions& globals, const Console& console) { … }
//   const RegisteredVerb kVerb({160, "logs", "Show the Lambda's log"}, declare, run);
//
// run() returns the exit status (0 done or nothing to do, 1 not done) or throws Failure or Cancelled.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/system/console.hpp"
#include "gateway/verbs/global_options.hpp"
#include "gateway/verbs/option_set.hpp"

namespace geocell::gateway {

struct VerbHead {
  int place = 0;  // in --help, ascending
  std::string name;
  std::string help;
  std::string alias = {};  // another name; may be empty
};

using VerbAction = std::function<int(const GlobalOptions& globals, const Console& console)>;

struct Verb {
  VerbHead head;
  std::function<void(OptionSet&)> declare;  // may be empty
  VerbAction run;                           // empty when one of `verbs` has to follow
  std::vector<Verb> verbs = {};
};

template <typename Options>
Verb make_verb(const VerbHead& head, void (*declare)(OptionSet&, Options&),
               int (*run)(const Options&, const GlobalOptions&, const Console&)) {
  const auto options = std::make_shared<Options>();
  return {
      head, [=](OptionSet& set) { declare(set, *options); },
      [=](const GlobalOptions& globals, const Console& console) { return run(*options, globals, console); }};
}
inline Verb make_verb(const VerbHead& head, int (*run)(const GlobalOptions&, const Console&)) {
  return {head, {}, run};
}

class RegisteredVerb {
 public:
  explicit RegisteredVerb(Verb verb);
  template <typename... Parts>
  explicit RegisteredVerb(const VerbHead& head, Parts... parts) : RegisteredVerb(make_verb(head, parts...)) {}
};

// All of them, in the order of --help.
std::vector<Verb> registered_verbs();

}  // namespace geocell::gateway
