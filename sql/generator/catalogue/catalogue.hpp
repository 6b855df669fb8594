// The catalogue: every public signature of geocell, read from sql/functions/<module>/<name>.yaml. The one
// source of the engines' SQL, of the reference and of the example tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/generator/catalogue/engine_traits.hpp"

namespace geocell::sql {

// Something wrong in a file of the catalogue. Line and column count from 1; 0 when the whole file is meant.
struct Issue {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;
};
std::string to_text(const Issue& issue);                // file:line:column: message
std::string to_text(const std::vector<Issue>& issues);  // one line each

enum class NullRule : std::uint8_t {
  strict,   // any NULL argument makes the result NULL, before the call
  handled,  // NULL reaches the function where its C++ argument is Nullable<T>
};
enum class Volatility : std::uint8_t { immutable, stable, volatile_ };
enum class Parallel : std::uint8_t { safe, restricted, unsafe };

struct Parameter {
  std::string name;
  std::string type;  // as in core/include/geocell/sql_types.hpp
  std::string description;
  // At most one of the two; only on trailing parameters. Either is std::optional<T> in C++.
  std::optional<std::string> default_value;  // the value's text, not yet quoted for SQL
  bool optional = false;                     // may be left out: one overload for each arity
};

struct Returns {
  std::string type;
  std::string description;
  bool set = false;  // a set of `type` (bigint or a record), row by row
  friend bool operator==(const Returns&, const Returns&) = default;
};

// `call` is an SQL expression. Its result as text, or the text of its error: exactly one is set, and a result
// that is not set in `result` while `is_null` is true is SQL NULL.
struct Example {
  std::string description;
  std::string call;
  std::optional<std::string> result;
  bool is_null = false;
  std::optional<std::string> error;
};

struct PostgresOptions {
  std::optional<double> cost;
  std::optional<double> rows;
  std::optional<Volatility> volatility;
  std::optional<Parallel> parallel;
};

// A Redshift SQL body that needs no Lambda. Its expressions use $1, $2, … for the arguments and {name} for
// another function of the catalogue that is plain SQL without `when`; their value is the one that crosses to
// a Lambda: arrays and json as text. Arguments for which `when` is not true go to the Lambda, which knows the
// error.
struct PlainSql {
  std::size_t arguments = 0;        // of the overload that it is for
  std::optional<std::string> when;  // none: for all arguments, NULL included
  std::string value;
};

struct RedshiftOptions {
  struct ParameterType {
    std::string name;
    std::string type;
  };
  std::vector<PlainSql> plain_sql;
  // The PL/pgSQL body of a stored procedure, which then is what this file describes; {name} is any function
  // of Redshift, written with its schema. A procedure returns nothing: returns.type is empty.
  std::optional<std::string> procedure;
  std::optional<Volatility> volatility;
  std::vector<ParameterType> parameters;  // types that differ from the common signature
  std::optional<std::string> returns;
};

// The Lambda that serves every function without a lambda_name of its own.
inline constexpr std::string_view kSharedLambda = "geocell";

// How a Lambda serves the function.
struct LambdaConfig {
  std::string lambda_name{kSharedLambda};
  std::optional<std::int64_t> memory_mb;
  std::optional<std::int64_t> timeout_s;
  std::optional<std::int64_t> max_batch_rows;
  std::optional<std::int64_t> max_batch_size_kb;
  std::optional<std::int64_t> retry_timeout_ms;
};

// The program of a function that the core does not have; its Lambda serves nothing else.
struct Handler {
  std::string path;  // below the module's folder: handler.py, fleet/handler.cpp
  int line = 0;      // where the signature file names it
  int column = 0;
};

struct Function {
  std::string name;    // the file's stem
  std::string module;  // the folder
  std::string file;    // as opened, for messages
  std::string description;
  std::vector<Parameter> parameters;
  Returns returns;
  NullRule null_rule = NullRule::strict;
  Volatility volatility = Volatility::immutable;
  Parallel parallel = Parallel::safe;
  EngineSet engines = all_engines();
  std::optional<Handler> handler;
  std::string since;
  bool internal = false;  // callable, but not part of the documented interface
  std::vector<Example> examples;
  PostgresOptions postgres;
  RedshiftOptions redshift;
  LambdaConfig config;

  bool runs_in(std::string_view engine) const { return engines.contains(engine); }
};

struct Catalogue {
  std::vector<Function> functions;  // by module, then by name
  std::vector<Issue> issues;        // of all files; the functions are to be used only when there is none
};

// Reads all of `root`/<module>/<name>.yaml. Any other file or folder is an issue, but for the handlers that
// the signature files name, and the folders in which they lie.
Catalogue load_catalogue(const std::filesystem::path& root);
// The same of several roots: geocell's own functions and those of its user.
Catalogue load_catalogue(std::span<const std::filesystem::path> roots);

// Reads one file's text. `file` is the name used in issues; its last two parts are module and name.
Function parse_function(std::string_view yaml, const std::string& file, std::vector<Issue>& issues);

// Text up to the first blank line, on one line.
std::string first_paragraph(std::string_view description);

// The numbers of arguments with which the function can be called by overloads: one,
// but for optional parameters.
std::vector<std::size_t> overload_arities(const Function& function);

// A geometry or an array of them.
bool takes_geometry(const Function& function);
bool returns_geometry(const Function& function);

// Redshift's SQL for the function needs no Lambda, whatever the arguments.
bool is_plain_sql(const Function& function);

// Some engine calls the core's function of that name. False: the file describes a handler, a procedure, or
// plain SQL for one engine.
bool needs_core(const Function& function);

}  // namespace geocell::sql
