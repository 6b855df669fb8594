// The schema's functions, against the schema as it is. What geocell made is known by its registry, a table in
// the schema; everything else in the schema is somebody else's and is never replaced or dropped.
#include <algorithm>
#include <map>

#include "digest.hpp"
#include "names.hpp"
#include "plan.hpp"

namespace geocell::gateway {

using nlohmann::json;

namespace {

constexpr const char* kRegistryTable = "geocell_registry";
// The registry's entry for the privileges on the schema itself.
constexpr const char* kSchemaPrivileges = "schema privileges";
// The Data API takes 100 KB a statement.
constexpr std::size_t kStatementBytes = 60000;

struct Registered {
  std::string version;
  std::string digest;  // of the statements; "" when making it was begun and not finished
  std::vector<std::string> create;
  std::string drop;
  long position = 0;  // in the order of making
};

// Statements as one text without a backslash, which SQL's literals could not carry: JSON with \\ and % as %5C
// and %25.
std::string packed(const std::vector<std::string>& statements) {
  std::string text;
  for (const char c : json(statements).dump()) {
    if (c == '\\') {
      text += "%5C";
    } else if (c == '%') {
      text += "%25";
    } else {
      text += c;
    }
  }
  return text;
}

// Throws Failure.
std::vector<std::string> unpacked(const std::string& text, const std::string& where) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    plain += text.compare(i, 3, "%5C") == 0 ? '\\' : '%';
    i += 2;
  }
  const json statements = json::parse(plain, nullptr, false);
  if (!statements.is_array()) throw Failure(where + " does not hold statements; it has been changed by hand");
  return statements.get<std::vector<std::string>>();
}

std::string digest_of(const std::vector<std::string>& statements) {
  return sha256_hex(json(statements).dump());
}

}  // namespace

class Registry {
 public:
  Registry(Database& database, std::string schema)
      : database_(database), table_(quote_identifier(schema) + "." + kRegistryTable) {}

  static std::string create_statement(const std::string& schema) {
    return "CREATE TABLE IF NOT EXISTS " + quote_identifier(schema) + "." + kRegistryTable +
           " (object VARCHAR(4096), position INTEGER, version VARCHAR(64), digest VARCHAR(64), "
           "create_sql VARCHAR(65535), drop_sql VARCHAR(65535))";
  }

  void load() {
    for (const Row& row :
         database_.run("SELECT object, position, version, digest, create_sql, drop_sql FROM " + table_)) {
      if (std::ranges::any_of(row, [](const auto& field) { return !field.has_value(); })) {
        throw Failure("the registry " + table_ + " has a row with NULL; it has been changed by hand");
      }
      objects_[*row[0]] = {*row[2], *row[3],
                           unpacked(*row[4], "the registry " + table_ + ", " + *row[0] + ","), *row[5],
                           std::stol(*row[1])};
    }
  }

  const std::map<std::string, Registered>& objects() const { return objects_; }

  // Before the first of them is made: from now on they are known as ours.
  void announce(const std::vector<SqlObject>& objects, const std::string& version) {
    std::map<std::string, Registered> rows;
    for (const auto& object : objects) {
      if (objects_.contains(object.key)) continue;
      rows[object.key] = {version, "", object.create, object.drop, ++last_position()};
    }
    insert(rows);
    objects_.insert(rows.begin(), rows.end());
  }

  void made(const std::string& key, const Registered& what) {
    Registered row = what;
    row.position = objects_.contains(key) ? objects_.at(key).position : ++last_position();
    objects_[key] = row;
    changed_.insert(key);
  }
  void dropped(const std::string& key) {
    objects_.erase(key);
    changed_.insert(key);
  }
  void table_dropped() { changed_.clear(); }

  // Writes what made() and dropped() said.
  void save() {
    if (changed_.empty()) return;
    std::string keys;
    std::map<std::string, Registered> rows;
    const auto remove = [&] {
      if (!keys.empty()) database_.run("DELETE FROM " + table_ + " WHERE object IN (" + keys + ")");
      keys.clear();
    };
    for (const auto& key : changed_) {
      keys += (keys.empty() ? "" : ", ") + quote_literal(key);
      if (keys.size() > kStatementBytes) remove();
      if (const auto found = objects_.find(key); found != objects_.end()) rows.insert(*found);
    }
    remove();
    insert(rows);
    changed_.clear();
  }

 private:
  void insert(const std::map<std::string, Registered>& rows) {
    std::string values;
    const auto send = [&] {
      if (!values.empty()) {
        database_.run("INSERT INTO " + table_ +
                      " (object, position, version, digest, create_sql, drop_sql) VALUES " + values);
      }
      values.clear();
    };
    for (const auto& [key, row] : rows) {
      std::string text = "(" + quote_literal(key) + ", " + std::to_string(row.position) + ", " +
                         quote_literal(row.version) + ", " + quote_literal(row.digest) + ", " +
                         quote_literal(packed(row.create)) + ", " + quote_literal(row.drop) + ")";
      if (values.size() + text.size() > kStatementBytes) send();
      values += (values.empty() ? "" : ", ") + text;
    }
    send();
  }

  long& last_position() {
    if (last_position_ == 0) {
      for (const auto& [key, row] : objects_) last_position_ = std::max(last_position_, row.position);
    }
    return last_position_;
  }

  Database& database_;
  std::string table_;
  std::map<std::string, Registered> objects_;
  std::set<std::string> changed_;
  long last_position_ = 0;
};

void record(Context& context) {
  if (context.registry != nullptr && !context.aws.dry_run()) context.registry->save();
}

namespace {

struct SchemaState {
  bool exists = false;
  bool has_registry = false;
  std::set<std::string> functions;  // keys of all functions in the schema, whoever made them
};

SchemaState look_at(Context& context, const std::string& schema) {
  SchemaState state;
  Database& database = *context.database;
  const std::string name = quote_literal(schema);
  state.exists = database.value("SELECT COUNT(*) FROM pg_namespace WHERE nspname = " + name) != "0";
  if (!state.exists) return state;
  state.has_registry = database.value(
                           "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON c.relnamespace = n.oid "
                           "WHERE n.nspname = " +
                           name + " AND c.relname = " + quote_literal(kRegistryTable)) != "0";
  for (const Row& row :
       database.run("SELECT p.proname, OIDVECTORTYPES(p.proargtypes) FROM pg_proc_info p JOIN pg_namespace n "
                    "ON p.pronamespace = n.oid WHERE n.nspname = " +
                    name)) {
    state.functions.insert(signature_key(row.at(0).value_or(""), row.at(1).value_or("")));
  }
  return state;
}

std::shared_ptr<Registry> open_registry(Context& context, const Deployment& deployment,
                                        const SchemaState& state) {
  auto registry = std::make_shared<Registry>(*context.database, deployment.schema);
  if (state.has_registry) registry->load();
  return registry;
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
  const Registered wanted{deployment.version, digest_of(object.create), object.create, object.drop, 0};
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
  const Registered wanted{deployment.version, digest_of(grants), grants, "", 0};
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

// Registered objects, latest made first: callers before what they call.
std::vector<std::string> newest_first(const Registry& registry) {
  std::vector<std::pair<long, std::string>> order;
  for (const auto& [key, entry] : registry.objects()) order.emplace_back(-entry.position, key);
  std::ranges::sort(order);
  std::vector<std::string> keys;
  keys.reserve(order.size());
  for (auto& [position, key] : order) keys.push_back(std::move(key));
  return keys;
}

}  // namespace

void plan_schema(Context& context, const Deployment& deployment, Plan& plan) {
  const SchemaState state = look_at(context, deployment.schema);
  context.registry = open_registry(context, deployment, state);
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
  plan_schema_privileges(context, deployment, wanted.schema_grants, plan);
  const std::size_t first = plan.steps.size();
  for (const auto& object : wanted.objects) plan_object(context, deployment, object, state, plan);
  if (plan.steps.size() > first) {
    // Part of the first step, so that nothing is written when there is nothing to do.
    auto& step = plan.steps[first];
    step.apply = [&context, registry, objects = wanted.objects, version = deployment.version,
                  apply = step.apply] {
      if (!context.aws.dry_run()) registry->announce(objects, version);
      apply();
    };
  }
  if (!deployment.partial) {
    for (const auto& key : newest_first(*registry)) {
      if (key == kSchemaPrivileges) continue;
      if (std::ranges::find(wanted.objects, key, &SqlObject::key) != wanted.objects.end()) continue;
      plan_drop(context, deployment, key, registry->objects().at(key), state, plan);
    }
  }
}

void plan_schema_removal(Context& context, const Deployment& deployment, bool drop_schema, Plan& plan) {
  const SchemaState state = look_at(context, deployment.schema);
  if (!state.exists) return;
  context.registry = open_registry(context, deployment, state);
  const auto registry = context.registry;
  for (const auto& key : newest_first(*registry)) {
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
