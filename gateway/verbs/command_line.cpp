// The one file that includes CLI11.
#include "gateway/verbs/command_line.hpp"

#include <CLI/CLI.hpp>

#include "geocell/version.hpp"

namespace geocell::gateway {

CLI::Option& OptionSet::add(const std::string& flags, const std::string& help, const Take& take) {
  const CLI::callback_t callback = [take](const CLI::results_t& results) {
    take(results);
    return true;
  };
  return *app_.add_option(flags, callback, help)->type_name("TEXT");
}

void OptionSet::flag(const std::string& flags, bool& target, const std::string& help) {
  app_.add_flag_function(
      flags, [&target](std::int64_t count) { target = count > 0; }, help);
}

void OptionSet::text(const std::string& flags, std::string& target, const std::string& help) {
  add(flags, help, [&target](const auto& results) { target = results.front(); });
}

void OptionSet::required_text(const std::string& flags, std::string& target, const std::string& help) {
  add(flags, help, [&target](const auto& results) { target = results.front(); }).required();
}

void OptionSet::texts(const std::string& flags, std::vector<std::string>& target, const std::string& help) {
  add(flags, help, [&target](const auto& results) {
    target = results;
  }).expected(CLI::detail::expected_max_vector_size);
}

void OptionSet::path(const std::string& flags, std::filesystem::path& target, const std::string& help) {
  add(flags, help, [&target](const auto& results) { target = results.front(); });
}

void OptionSet::paths(const std::string& flags, std::vector<std::filesystem::path>& target,
                      const std::string& help) {
  add(flags, help, [&target](const auto& results) {
    target.assign(results.begin(), results.end());
  }).expected(CLI::detail::expected_max_vector_size);
}

void OptionSet::number(const std::string& flags, int& target, int least, int most, const std::string& help) {
  add(flags, help, [&target](const auto& results) { target = std::stoi(results.front(), nullptr, 0); })
      .type_name("INT")
      ->check(CLI::Range(least, most));
}

void OptionSet::list(const std::string& flags, std::vector<std::string>& target, const std::string& help) {
  add(flags, help, [&target](const auto& results) { target = results; })
      .expected(CLI::detail::expected_max_vector_size)
      ->delimiter(',');
}

void OptionSet::choice(const std::string& flags, const std::vector<std::string>& words,
                       const std::string& help, const std::function<void(const std::string&)>& take) {
  add(flags, help, [take](const auto& results) { take(results.front()); }).check(CLI::IsMember(words));
}

void OptionSet::choices(const std::string& flags, const std::vector<std::string>& words,
                        const std::string& help, bool is_required,
                        const std::function<void(const std::string&)>& take) {
  add(flags, help,
      [take](const auto& results) {
        for (const auto& word : results) take(word);
      })
      .required(is_required)
      ->expected(CLI::detail::expected_max_vector_size)
      ->delimiter(',')
      ->check(CLI::IsMember(words));
}

void OptionSet::text_in(const std::string& group, const std::string& flags, const std::string& help,
                        const std::function<void(const std::string&)>& take) {
  add(flags, help, [take](const auto& results) { take(results.front()); }).group(group);
}

void OptionSet::switch_in(const std::string& group, const std::string& flags, const std::string& help,
                          const std::function<void(bool)>& take) {
  app_.add_flag_function(
          flags + ",!--no-" + flags.substr(2), [take](std::int64_t count) { take(count > 0); }, help)
      ->group(group);
}

void OptionSet::refused(const std::string& flags, const std::string& reason) {
  add(flags, "", [flags, reason](const auto&) { throw CLI::ValidationError(flags, reason); }).group("");
}

namespace {

void add_verb(CLI::App& app, const Verb& verb, VerbAction& chosen) {
  CLI::App* command = app.add_subcommand(verb.head.name, verb.head.help)->fallthrough();
  if (!verb.head.alias.empty()) command->alias(verb.head.alias);
  OptionSet set(*command);
  if (verb.declare) verb.declare(set);
  if (verb.run) command->callback([&chosen, run = verb.run] { chosen = run; });
  if (!verb.verbs.empty()) command->require_subcommand(1);
  for (const auto& inner : verb.verbs) add_verb(*command, inner, chosen);
}

}  // namespace

ParsedCommand parse_command_line(int argc, const char* const* argv, GlobalOptions& options) {
  CLI::App app("Deploys geocell's functions to Amazon Redshift over AWS Lambda.", "geocell");
  app.set_version_flag("--version", geocell::version());
  app.require_subcommand(1);
  OptionSet set(app);
  declare_global_options(set, options);
  ParsedCommand command;
  for (const auto& verb : registered_verbs()) add_verb(app, verb, command.run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {{}, app.exit(error) == 0 ? 0 : 1};
  }
  return command;
}

}  // namespace geocell::gateway
