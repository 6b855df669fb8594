#include "gateway/engines/redshift/redshift_engine.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "gateway/engines/redshift/caller_role.hpp"
#include "gateway/engines/redshift/database.hpp"
#include "gateway/engines/redshift/redshift_quotes.hpp"
#include "gateway/engines/redshift/schema_planner.hpp"

namespace geocell::gateway {
namespace {

constexpr std::array<std::string_view, 2> kSettings = {"RS_HOST", "RS_DATABASE"};
// How many bytes one value of a result may have: the bridge asks its environment.
constexpr const char* kValueBytesVariable = "GEOCELL_MAX_VALUE_BYTES";
constexpr const char* kUsualValueBytes = "65535";  // Redshift's VARCHAR(MAX)
constexpr const char* kLargeValueBytes = "16000000";

struct KnownAnswer {
  std::string_view function;
  std::string_view call;
  std::string_view answer;
};
// Values that CARTO publishes.
constexpr std::array kKnownAnswers = {
    KnownAnswer{"quadbin_fromlonglat", "quadbin_fromlonglat(-3.7038, 40.4168, 4)", "5207251884775047167"},
    KnownAnswer{"s2_fromlonglat", "s2_fromlonglat(-3.7038, 40.4168, 8)", "955378847514099712"},
    KnownAnswer{"quadbin_toquadkey", "quadbin_toquadkey(5234261499580514303)", "0331110121"},
    KnownAnswer{"s2_totoken", "s2_totoken(955378847514099712)", "0d423"},
};

class RedshiftPlanner : public Planner {
 public:
  explicit RedshiftPlanner(const EngineRun& run)
      : context_(run.context),
        deployment_(run.deployment),
        drop_schema_(run.drop_schema),
        schema_{run.context, run.deployment, nullptr, nullptr} {
    if (is_configured()) schema_.database = connect(context_.config, context_.aws, context_.console);
  }

  void prepare() override {
    if (!context_.wants(Component::lambda) && !context_.wants(Component::config)) return;
    const std::string bytes = schema_.database != nullptr && is_large_string_enabled(*schema_.database)
                                  ? kLargeValueBytes
                                  : kUsualValueBytes;
    const std::string role = is_configured() ? calling_role(context_.aws) : "";
    for (LambdaSpec* lambda : serving()) {
      lambda->environment[kValueBytesVariable] = bytes;
      if (!role.empty()) lambda->triggers.push_back({"redshift-invoke", role});
    }
  }

  void plan(Stage stage, Plan& plan) override {
    if (stage == Stage::roles && context_.wants(Component::roles) && is_configured()) {
      std::vector<std::string> lambdas;
      for (const LambdaSpec* lambda : serving()) lambdas.push_back(lambda->name);
      if (!lambdas.empty()) plan_caller_role(context_, deployment_, lambdas, plan);
    }
    if (stage == Stage::objects && has_schema()) plan_schema(schema_, plan);
  }

  void plan_removal(Stage stage, Plan& plan) override {
    if (stage == Stage::objects && has_schema()) plan_schema_removal(schema_, drop_schema_, plan);
    if (stage == Stage::roles && context_.wants(Component::roles)) {
      plan_caller_role_removal(context_, deployment_, plan);
    }
  }

  void record() override {
    if (schema_.registry != nullptr && !context_.aws.dry_run()) schema_.registry->save();
  }
  void end_run() override {
    if (schema_.registry != nullptr && !context_.aws.dry_run()) schema_.registry->end();
  }
  bool is_taken_over() const override {
    return schema_.registry != nullptr && schema_.registry->is_taken_over();
  }

  std::optional<std::string> verify() override {
    if (!has_schema()) return std::nullopt;
    const auto* known = std::ranges::find_if(kKnownAnswers, [&](const KnownAnswer& candidate) {
      return std::ranges::find(deployment_.functions, candidate.function, &sql::Function::name) !=
             deployment_.functions.end();
    });
    if (known == kKnownAnswers.end()) return std::nullopt;
    const std::string& schema = context_.config.schema();
    const std::string call = schema + "." + std::string(known->call);
    const std::string answer =
        schema_.database->value("SELECT " + quote_identifier(schema) + "." + std::string(known->call));
    if (answer != known->answer) {
      throw Failure("verification: " + call + " is " + answer + "; should be " + std::string(known->answer));
    }
    return call + " = " + answer;
  }

 private:
  bool is_configured() const { return missing_redshift_settings(context_.config).empty(); }
  bool has_schema() const { return schema_.database != nullptr && context_.wants(Component::sql); }

  // The Lambdas that serve functions, among those of the deployment.
  std::vector<LambdaSpec*> serving() {
    std::set<std::string_view> bases;
    for (const auto& function : deployment_.functions) bases.insert(function.config.lambda_name);
    std::vector<LambdaSpec*> lambdas;
    for (auto& lambda : deployment_.lambdas) {
      if (bases.contains(lambda.base)) lambdas.push_back(&lambda);
    }
    return lambdas;
  }

  Context& context_;
  Deployment& deployment_;
  bool drop_schema_;
  SchemaRun schema_;
};

}  // namespace

const Engine kRedshift = {
    "Redshift", kSettings, missing_redshift_settings,
    [](const EngineRun& run) -> std::unique_ptr<Planner> { return std::make_unique<RedshiftPlanner>(run); }};

}  // namespace geocell::gateway
