// The schema's functions, against the schema as it is. What geocell made is known by its registry, a table in
// the schema; everything else in the schema is somebody else's and is never replaced or dropped.
#include <algorithm>

#include "gateway/engines/redshift/registry.hpp"
#include "gateway/plan/plan.hpp"
#include "gateway/settings/names.hpp"

namespace geocell::gateway {

void record(Context& context) {
  if (context.registry != nullptr && !context.aws.dry_run()) context.registry->save();
}

bool is_taken_over(const Context& context) {
  return context.registry != nullptr && context.registry->is_taken_over();
}

void end_run(Context& context) {
  if (context.registry != nullptr && !context.aws.dry_run()) context.registry->end();
}

namespace {

struct SchemaState {
  bool exists = false;
  bool has_registry = false;
  std::set<std::string> functions;  // keys of all functions in the schema, whoever made them
};

// Also loads the registry; before the functions, so that a run that begins in between is noticed when this
// one begins.
SchemaState look_at(Context& context, const std::string& schema, Plan& plan) {
  SchemaState state;
  context.registry = std::make_shared<Registry>(*context.database, context.config, context.console);
  Database& database = *context.database;
  const std::string name = quote_literal(schema);
  state.exists = database.value("SELECT COUNT(*) FROM pg_namespace WHERE nspname = " + name) != "0";
  if (!state.exists) return state;
  state.has_registry = database.value(
                           "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON c.relnamespace = n.oid "
                           "WHERE n.nspname = " +
                           name + " AND c.relname = " + quote_literal(kRegistryTable)) != "0";
  if (state.has_registry) {
    Registry& registry = *context.registry;
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

void run_all(const Context& context, const std::vector<std::string>& statements) {
  for (const auto& statement : statements) context.execute(statement);
}

std::string shown(const Deployment& deployment, const std::string& key) {
  return "function " + deployment.schema + "." + key;
}

// "its definition", "its privileges", or both.
std::string changed_part(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  if (before.empty() || after.empty() || before.front() != after.front()) return "definition";
  return "privileges";
}

void plan_object(Context& context, const Deployment& deployment, const SqlObject& object,
                 const SchemaState& state, Plan& plan) {
  const auto registry = context.registry;
  const auto& known = registry->objects();
  const auto entry = known.find(object.key);
  const bool there = state.functions.contains(object.key);
  const Registered wanted{deployment.version, Registry::digest_of(object.create), object.create, object.drop,
                          0};
  if (there && entry != known.end() && entry->second.digest == wanted.digest) return plan.keep();
  if (there && entry == known.end() && !context.adopt) {
    throw Failure(shown(deployment, object.key) +
                  " exists and geocell did not make it; choose another RS_SCHEMA, drop "
                  "it yourself, or let it be replaced with --adopt");
  }
  const std::string name = shown(deployment, object.key);
  if (!there) {
    plan.steps.push_back({Action::create, Component::sql, name, "",
                          [&context, registry, object, wanted] {
                            run_all(context, object.create);
                            registry->made(object.key, wanted);
                          },
                          [&context, registry, object] {
                            context.execute(object.drop);
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
    undo = [&context, registry, object, before] {
      context.execute(object.drop);
      run_all(context, before.create);
      registry->made(object.key, before);
    };
  }
  plan.steps.push_back({Action::change, Component::sql, name, detail,
                        [&context, registry, object, wanted] {
                          registry->changing(object.key);
                          context.execute(object.drop);
                          run_all(context, object.create);
                          registry->made(object.key, wanted);
                        },
                        undo});
}

void plan_schema_privileges(Context& context, const Deployment& deployment,
                            const std::vector<std::string>& grants, Plan& plan) {
  if (grants.empty()) return;
  const auto registry = context.registry;
  const auto entry = registry->objects().find(kSchemaPrivileges);
  const Registered wanted{deployment.version, Registry::digest_of(grants), grants, "", 0};
  if (entry != registry->objects().end() && entry->second.digest == wanted.digest) return plan.keep();
  plan.steps.push_back({Action::change, Component::sql, "schema " + deployment.schema, "privileges",
                        [&context, registry, grants, wanted] {
                          run_all(context, grants);
                          registry->made(kSchemaPrivileges, wanted);
                        },
                        [registry] { registry->dropped(kSchemaPrivileges); }});
}

void plan_drop(Context& context, const Deployment& deployment, const std::string& key,
               const Registered& entry, const SchemaState& state, Plan& plan) {
  const auto registry = context.registry;
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
  plan.steps.push_back({Action::remove, Component::sql, shown(deployment, key), "",
                        [&context, registry, key, entry] {
                          context.execute(entry.drop);
                          registry->dropped(key);
                        },
                        [&context, registry, key, entry] {
                          run_all(context, entry.create);
                          registry->made(key, entry);
                        }});
}

// The steps from `first` on belong to one run, which begins with the first of them: so that nothing is
// written when there is nothing to do.
void begin_run(Context& context, const Deployment& deployment, std::vector<SqlObject> objects,
               std::set<std::string> change, std::size_t first, Plan& plan) {
  if (plan.steps.size() == first) return;
  auto& step = plan.steps[first];
  step.apply = [&context, registry = context.registry, objects = std::move(objects),
                change = std::move(change), version = deployment.version, apply = step.apply] {
    if (!context.aws.dry_run()) registry->begin(objects, change, version);
    apply();
  };
}

}  // namespace

void plan_schema(Context& context, const Deployment& deployment, Plan& plan) {
  const SchemaState state = look_at(context, deployment.schema, plan);
  const auto registry = context.registry;
  const auto wanted = sql_objects(
      context.config, deployment.functions, invoke_role_for_sql(context.aws, deployment),
      [&](std::string_view base) {
        const std::string name = lambda_name(deployment.prefix, base);
        return context.config.get("GEOCELL_LAMBDA_REFERENCE") == "arn" ? context.aws.lambda_arn(name) : name;
      });
  const std::string schema = quote_identifier(deployment.schema);
  if (!state.exists) {
    plan.steps.push_back({Action::create, Component::sql, "schema " + deployment.schema, "",
                          [&context, schema] { context.execute("CREATE SCHEMA IF NOT EXISTS " + schema); },
                          [&context, schema] { context.execute("DROP SCHEMA " + schema); }});
  }
  if (!state.has_registry) {
    plan.steps.push_back(
        {Action::create, Component::sql, "registry " + deployment.schema + "." + kRegistryTable,
         "what geocell made",
         [&context, schema = deployment.schema] { context.execute(Registry::create_statement(schema)); },
         [&context, registry, schema] {
           registry->table_dropped();
           context.execute("DROP TABLE " + schema + "." + kRegistryTable);
         }});
  }
  const std::size_t first = plan.steps.size();
  plan_schema_privileges(context, deployment, wanted.schema_grants, plan);
  std::set<std::string> change;
  for (const auto& object : wanted.objects) {
    const std::size_t before = plan.steps.size();
    plan_object(context, deployment, object, state, plan);
    if (plan.steps.size() > before) change.insert(object.key);
  }
  if (!deployment.partial) {
    for (const auto& key : registry->newest_first()) {
      if (key == kSchemaPrivileges) continue;
      if (std::ranges::find(wanted.objects, key, &SqlObject::key) != wanted.objects.end()) continue;
      plan_drop(context, deployment, key, registry->objects().at(key), state, plan);
    }
  }
  begin_run(context, deployment, wanted.objects, std::move(change), first, plan);
}

void plan_schema_removal(Context& context, const Deployment& deployment, bool drop_schema, Plan& plan) {
  const SchemaState state = look_at(context, deployment.schema, plan);
  if (!state.exists) return;
  const auto registry = context.registry;
  const std::size_t first = plan.steps.size();
  for (const auto& key : registry->newest_first()) {
    if (key == kSchemaPrivileges) continue;  // go with the registry
    plan_drop(context, deployment, key, registry->objects().at(key), state, plan);
  }
  const std::string schema = quote_identifier(deployment.schema);
  if (state.has_registry) {
    plan.steps.push_back({Action::remove,
                          Component::sql,
                          "registry " + deployment.schema + "." + kRegistryTable,
                          "",
                          [&context, registry, schema] {
                            registry->table_dropped();
                            context.execute("DROP TABLE " + schema + "." + kRegistryTable);
                          },
                          {}});
    begin_run(context, deployment, {}, {}, first, plan);
  }
  std::vector<std::string> others;
  for (const auto& key : state.functions) {
    if (!registry->objects().contains(key)) others.push_back(key);
  }
  if (!others.empty()) {
    std::string names;
    for (const auto& key : others) names += (names.empty() ? "" : ", ") + key;
    plan.notes.push_back("functions in " + deployment.schema + " that geocell did not make stay: " + names);
  }
  if (!drop_schema) return;
  if (!others.empty()) {
    plan.notes.push_back("schema " + deployment.schema + " stays: it is not empty");
    return;
  }
  // Without CASCADE: Redshift refuses when anything else is in it.
  plan.steps.push_back({Action::remove,
                        Component::sql,
                        "schema " + deployment.schema,
                        "",
                        [&context, schema] { context.execute("DROP SCHEMA " + schema); },
                        {}});
}

}  // namespace geocell::gateway
