// install: the questions CARTO's installer asks, in its order; writes .env (mode 0600) and deploys.
#include <algorithm>
#include <map>

#include "gateway/settings/env_file.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/failure.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/verbs/deployment_run.hpp"
#include "gateway/verbs/verb.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

struct Options {
  bool with_secrets = false;
};

void declare(OptionSet& set, Options& options) {
  set.flag("--with-secrets", options.with_secrets, "Write the secrets into .env, too");
}

// Answers of this run, by variable.
using Answers = std::map<std::string, std::string>;

class Dialogue {
 public:
  Dialogue(const Config& known, const Console& console) : known_(known), console_(console) {}

  void ask(const char* variable, const std::string& question) {
    answers_[variable] = console_.ask(question, known_.get(variable));
  }
  // Asks until there is an answer.
  void require(const char* variable, const std::string& question) {
    do ask(variable, question);
    while (answers_[variable].empty());
  }
  void ask_secret(const char* variable, const std::string& question) {
    const std::string hint = known_.has(variable) ? " (Enter keeps the one that is set)" : "";
    const std::string answer = console_.ask_hidden(question + hint);
    if (!answer.empty()) answers_[variable] = answer;
  }
  void ask_flag(const char* variable, const std::string& question) {
    answers_[variable] = console_.confirm(question, known_.flag(variable), "--yes") ? "1" : "0";
  }

  void sign_in() {
    console_.note(
        "How to sign in to AWS:\n  1  a profile of the AWS CLI\n  2  access key\n"
        "  3  access key with session token\n  4  whatever the AWS CLI finds");
    std::string method;
    do method = console_.ask("Method", "4");
    while (method != "1" && method != "2" && method != "3" && method != "4");
    ask("AWS_REGION", "AWS region");
    if (method == "1") require("AWS_PROFILE", "Profile");
    if (method == "2" || method == "3") {
      require("AWS_ACCESS_KEY_ID", "Access key id");
      ask_secret("AWS_SECRET_ACCESS_KEY", "Secret access key");
    }
    if (method == "3") ask_secret("AWS_SESSION_TOKEN", "Session token");
  }

  void lambda() {
    for (;;) {
      ask("RS_LAMBDA_PREFIX", "Prefix of Lambda and role names");
      try {
        check_prefix(answers_["RS_LAMBDA_PREFIX"]);
        lambda_name(answers_["RS_LAMBDA_PREFIX"], "geocell");
        role_name(answers_["RS_LAMBDA_PREFIX"], "LambdaExecutionRole");
        break;
      } catch (const Failure& failure) {
        console_.note(failure.what());
      }
    }
    ask("RS_LAMBDA_EXECUTION_ROLE", "ARN of the Lambda's role (empty: made for you)");
    ask_flag("RS_LAMBDA_OVERRIDE", "Update the Lambda when it exists?");
  }

  void redshift() {
    require("RS_HOST", "Redshift host");
    ask("RS_PORT", "Redshift port");
    ask_flag("RS_SSL", "Require TLS?");
    require("RS_USER", "Redshift user");
    ask_secret("RS_PASSWORD", "Redshift password");
    require("RS_DATABASE", "Redshift database");
    for (;;) {
      answers_["RS_SCHEMA"] = console_.ask("Schema of the functions", known_.schema());
      try {
        check_identifier("schema name", answers_["RS_SCHEMA"], "RS_SCHEMA");
        break;
      } catch (const Failure& failure) {
        console_.note(failure.what());
      }
    }
    ask("RS_LAMBDA_INVOKE_ROLE", "ARN of the role by which Redshift invokes (empty: made for you)");
  }

  const Answers& answers() const { return answers_; }

 private:
  const Config& known_;
  const Console& console_;
  Answers answers_;
};

// Settings of this run that differ from the defaults. Secrets only when they are to be kept.
std::string env_text(const Config& config, bool with_secrets) {
  std::string text = "# Written by geocell install. The names are those of CARTO's gateway.\n";
  for (const auto& variable : variables()) {
    if (variable.name.starts_with("GEOCELL_AWS") || (variable.secret && !with_secrets)) continue;
    const auto& setting = config.setting(variable.name);
    if (setting.origin == "default" || setting.value.empty()) continue;
    text += std::string(variable.name) + "=" + quote_env(setting.value) + "\n";
  }
  return text;
}

void require_settings(const Config& config) {
  std::string missing;
  for (const char* name : {"RS_HOST", "RS_DATABASE", "RS_USER", "RS_PASSWORD"}) {
    std::string option = "--" + lower_case(name);
    std::ranges::replace(option, '_', '-');
    if (!config.has(name)) {
      missing += "\n  • " + (std::string_view(name) == "RS_PASSWORD"
                                 ? std::string(name) + " (in .env or the environment)"
                                 : option);
    }
  }
  if (!missing.empty()) throw Failure("Missing required settings:" + missing);
}

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  GlobalOptions resolved = globals;
  Config config = load_config(globals.settings, console);
  const bool interactive = console.can_ask();
  if (interactive) {
    Dialogue dialogue(config, console);
    dialogue.sign_in();
    dialogue.lambda();
    dialogue.redshift();
    for (const auto& [name, value] : dialogue.answers()) resolved.settings.overrides[name] = value;
    config = Config::load(resolved.settings.env_files, resolved.settings.overrides);
    console.say("\nAWS region   " + config.get("AWS_REGION") + "\nLambda       " +
                lambda_name(config.prefix(), "geocell") + "\nRedshift     " + config.get("RS_USER") + "@" +
                config.get("RS_HOST") + ":" + config.get("RS_PORT") + "/" + config.get("RS_DATABASE") +
                "\nschema       " + config.schema());
    if (!console.confirm("Install?", true, "--yes")) throw Cancelled("Installation cancelled.");
  } else if (globals.console.yes) {
    require_settings(config);
  } else {
    throw Failure(
        "Nobody is there to answer; give --yes, and the settings as options, in .env or the environment");
  }
  if (!globals.change.dry_run) {
    const bool keep = interactive ? console.confirm("Keep the secrets in .env, too?", false, "--with-secrets")
                                  : options.with_secrets;
    write_private_file(".env", env_text(config, keep));
    console.note("wrote .env (mode 0600" + std::string(keep ? "" : ", without secrets") + ")");
  }
  resolved.console.yes = true;
  return deploy(resolved, {}, Console(resolved.console));
}

const RegisteredVerb kVerb({210, "install", "Ask, write .env, deploy"}, declare, run);

}  // namespace
}  // namespace geocell::gateway
