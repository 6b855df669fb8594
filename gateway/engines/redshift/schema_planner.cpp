// What geocell made is known by its registry, a table in the schema; everything else in the schema belongs to
// others and is never replaced or dropped.
#include "gateway/engines/redshift/schema_planner.hpp"

#include <algorithm>

#include "gateway/engines/redshift/caller_role.hpp"
#include "gateway/engines/redshift/sql_objects.hpp"

#include "gateway/engines/redshift/redshift_quotes.hpp"
#include "gateway/settings/names.hpp"

namespace geocell::gateway {

namespace {

struct SchemaState {
  bool exists = false;
  bool has_registry = false;
  std::set<std::string> functions;  // keys of all functions in the schema, geocell's and others'
};

// Also loads the registry; before the functions, so that a run that begins in between is noticed when this
// one begins.
SchemaState look_at(SchemaRun& run, Plan& plan) {
  SchemaState state;
  const Context& context = run.context;
  run.registry = std::make_shared<Registry>(*run.database, context.config, context.console);
  Database& database = *run.database;
  const std::string name = quote_literal(context.config.schema());
  state.exists = database.value("SELECT COUNT(*) FROM pg_namespace WHERE nspname = " + name) != "0";
  if (!state.exists) return state;
  state.has_registry = database.value(
                           "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON c.relnamespace = n.oid "
                           "WHERE n.nspname = " +
                           name + " AND c.relname = " + quote_literal(kRegistryTable)) != "0";
  if (state.has_registry) {
    Registry& registry = *run.registry;
    registry.load();
    if (!registry.other_run().empty() && context.aws.dry_run()) {
      plan.notes.push_back("a run by " + registry.other_run() + " is at work or was interrupted");
    } else if (!registry.other_run().empty()) {
      registry.wait_for_other_run();
      registry.load();
    }
  }
  for (const Row& row :
       database.run("SELECT p.proname, OIDVECTORTYPES(p.proargtypes) FROM pg_proc_info p JOIN pg_namespace n "
                    "ON p.pronamespace = n.oid WHERE n.nspname = " +
                    name)) {
    state.functions.insert(signature_key(row.at(0).value_or(""), row.at(1).value_or("")));
  }
  return state;
}

void run_all(const SchemaRun& run, const std::vector<std::string>& statements) {
  for (const auto& statement : statements) run.execute(statement);
}

std::string shown(const SchemaRun& run, const std::string& key) {
  return "function " + run.context.config.schema() + "." + key;
}

// "its definition", "its privileges", or both.
std::string changed_part(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  if (before.empty() || after.empty() || before.front() != after.front()) return "definition";
  return "privileges";
}

void plan_object(SchemaRun& run, const SqlObject& object, const SchemaState& state, Plan& plan) {
  const auto registry = run.registry;
  const auto& known = registry->objects();
  const auto entry = known.find(object.key);
  const bool there = state.functions.contains(object.key);
  const Registered wanted{run.deployment.version, Registry::digest_of(object.create), object.create,
                          object.drop, 0};
  if (there && entry != known.end() && entry->second.digest == wanted.digest) return plan.keep();
  if (there && entry == known.end() && !run.context.adopt) {
    throw Failure(shown(run, object.key) +
                  " exists and geocell did not make it; choose another RS_SCHEMA, drop "
                  "it yourself, or let it be replaced with --adopt");
  }
  const std::string name = shown(run, object.key);
  if (!there) {
    plan.steps.push_back({Action::create, Component::sql, name, "",
                          [&run, registry, object, wanted] {
                            run_all(run, object.create);
                            registry->made(object.key, wanted);
                          },
                          [&run, registry, object] {
                            run.execute(object.drop);
                            registry->dropped(object.key);
                          }});
    return;
  }
  const bool known_before = entry != known.end() && !entry->second.digest.empty();
  const Registered before = known_before ? entry->second : Registered{};
  const std::string detail = !known_before ? (entry == known.end() ? "taken over" : "was not finished")
                                           : changed_part(before.create, object.create);
  std::function<void()> undo;
  if (known_before) {
    undo = [&run, registry, object, before] {
      run.execute(object.drop);
      run_all(run, before.create);
      registry->made(object.key, before);
    };
  }
  plan.steps.push_back({Action::change, Component::sql, name, detail,
                        [&run, registry, object, wanted] {
                          registry->changing(object.key);
                          run.execute(object.drop);
                          run_all(run, object.create);
                          registry->made(object.key, wanted);
                        },
                        undo});
}

void plan_schema_privileges(SchemaRun& run, const std::vector<std::string>& grants, Plan& plan) {
  if (grants.empty()) return;
  const auto registry = run.registry;
  const auto entry = registry->objects().find(kSchemaPrivileges);
  const Registered wanted{run.deployment.version, Registry::digest_of(grants), grants, "", 0};
  if (entry != registry->objects().end() && entry->second.digest == wanted.digest) return plan.keep();
  plan.steps.push_back({Action::change, Component::sql, "schema " + run.context.config.schema(), "privileges",
                        [&run, registry, grants, wanted] {
                          run_all(run, grants);
                          registry->made(kSchemaPrivileges, wanted);
                        },
                        [registry] { registry->dropped(kSchemaPrivileges); }});
}

void plan_drop(SchemaRun& run, const std::string& key, const Registered& entry, const SchemaState& state,
               Plan& plan) {
  const auto registry = run.registry;
  const bool there = state.functions.contains(key);
  if (!there) {
    plan.steps.push_back({Action::remove,
                          Component::sql,
                          "registry entry " + key,
                          "its function is gone",
                          [registry, key] { registry->dropped(key); },
                          {}});
    return;
  }
  plan.steps.push_back({Action::remove, Component::sql, shown(run, key), "",
                        [&run, registry, key, entry] {
                          run.execute(entry.drop);
                          registry->dropped(key);
                        },
                        [&run, registry, key, entry] {
                          run_all(run, entry.create);
                          registry->made(key, entry);
                        }});
}

// The steps from `first` on belong to one run, which begins with the first of them: so that nothing is
// written when there is nothing to do.
void begin_run(SchemaRun& run, std::vector<SqlObject> objects, std::set<std::string> change,
               std::size_t first, Plan& plan) {
  if (plan.steps.size() == first) return;
  auto& step = plan.steps[first];
  step.apply = [&run, registry = run.registry, objects = std::move(objects), change = std::move(change),
                version = run.deployment.version, apply = step.apply] {
    if (!run.context.aws.dry_run()) registry->begin(objects, change, version);
    apply();
  };
}

}  // namespace

void SchemaRun::execute(const std::string& statement) const {
  if (context.aws.dry_run()) {
    context.console.say("would run: " + statement);
    return;
  }
  if (registry != nullptr) registry->keep_alive();
  database->run(statement);
}

void plan_schema(SchemaRun& run, Plan& plan) {
  const SchemaState state = look_at(run, plan);
  const auto registry = run.registry;
  const auto wanted = sql_objects(run.context.config, run.deployment.functions, role_for_sql(run.context.aws),
                                  [&](std::string_view base) {
                                    const std::string name = lambda_name(run.deployment.prefix, base);
                                    return run.context.config.get("GEOCELL_LAMBDA_REFERENCE") == "arn"
                                               ? run.context.aws.lambda_arn(name)
                                               : name;
                                  });
  const std::string schema = quote_identifier(run.context.config.schema());
  if (!state.exists) {
    plan.steps.push_back({Action::create, Component::sql, "schema " + run.context.config.schema(), "",
                          [&run, schema] { run.execute("CREATE SCHEMA IF NOT EXISTS " + schema); },
                          [&run, schema] { run.execute("DROP SCHEMA " + schema); }});
  }
  if (!state.has_registry) {
    plan.steps.push_back(
        {Action::create, Component::sql, "registry " + run.context.config.schema() + "." + kRegistryTable,
         "what geocell made",
         [&run, schema = run.context.config.schema()] { run.execute(Registry::create_statement(schema)); },
         [&run, registry, schema] {
           registry->table_dropped();
           run.execute("DROP TABLE " + schema + "." + kRegistryTable);
         }});
  }
  const std::size_t first = plan.steps.size();
  plan_schema_privileges(run, wanted.schema_grants, plan);
  std::set<std::string> change;
  for (const auto& object : wanted.objects) {
    const std::size_t before = plan.steps.size();
    plan_object(run, object, state, plan);
    if (plan.steps.size() > before) change.insert(object.key);
  }
  if (!run.deployment.partial) {
    for (const auto& key : registry->newest_first()) {
      if (key == kSchemaPrivileges) continue;
      if (std::ranges::find(wanted.objects, key, &SqlObject::key) != wanted.objects.end()) continue;
      plan_drop(run, key, registry->objects().at(key), state, plan);
    }
  }
  begin_run(run, wanted.objects, std::move(change), first, plan);
}

void plan_schema_removal(SchemaRun& run, bool drop_schema, Plan& plan) {
  const SchemaState state = look_at(run, plan);
  if (!state.exists) return;
  const auto registry = run.registry;
  const std::size_t first = plan.steps.size();
  for (const auto& key : registry->newest_first()) {
    if (key == kSchemaPrivileges) continue;  // go with the registry
    plan_drop(run, key, registry->objects().at(key), state, plan);
  }
  const std::string schema = quote_identifier(run.context.config.schema());
  if (state.has_registry) {
    plan.steps.push_back({Action::remove,
                          Component::sql,
                          "registry " + run.context.config.schema() + "." + kRegistryTable,
                          "",
                          [&run, registry, schema] {
                            registry->table_dropped();
                            run.execute("DROP TABLE " + schema + "." + kRegistryTable);
                          },
                          {}});
    begin_run(run, {}, {}, first, plan);
  }
  std::vector<std::string> others;
  for (const auto& key : state.functions) {
    if (!registry->objects().contains(key)) others.push_back(key);
  }
  if (!others.empty()) {
    std::string names;
    for (const auto& key : others) names += (names.empty() ? "" : ", ") + key;
    plan.notes.push_back("functions in " + run.context.config.schema() +
                         " that geocell did not make stay: " + names);
  }
  if (!drop_schema) return;
  if (!others.empty()) {
    plan.notes.push_back("schema " + run.context.config.schema() + " stays: it is not empty");
    return;
  }
  // Without CASCADE: Redshift refuses when anything else is in it.
  plan.steps.push_back({Action::remove,
                        Component::sql,
                        "schema " + run.context.config.schema(),
                        "",
                        [&run, schema] { run.execute("DROP SCHEMA " + schema); },
                        {}});
}

}  // namespace geocell::gateway
