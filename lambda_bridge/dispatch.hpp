// From a batch to its values: finds the core function by its SQL name and calls it row by row.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "batch.hpp"
#include "geocell/types.hpp"
#include "json_values.hpp"

namespace geocell::bridge {

struct Function {
  std::string_view name;
  std::size_t min_arguments;
  std::size_t max_arguments;
  bool repeats_pay;  // a call costs so much more than comparing rows that equal rows are computed once
  // Appends the value of one row. REQUIRES: min_arguments <= arguments.size() <= max_arguments
  Result<void> (*call)(const CallContext& context, std::span<const Element> arguments, std::string& out);
};

// `name` as Redshift sends it: "schema.f", "schema.__f" and "schema.__f_2" (the overload with two arguments)
// all name f.
const Function* find_function(std::string_view name);

struct BatchOptions {
  Limits limits;
  RowErrors row_errors = RowErrors::fail;
  std::optional<std::chrono::system_clock::time_point> deadline;
};

// Fills `values` with one value per row, or gives the text of the error that fails the batch.
std::optional<std::string> run_batch(const Batch& batch, const BatchOptions& options, Values& values);

}  // namespace geocell::bridge
