#include "lambda_bridge/engines/redshift/request.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "geocell/version.hpp"
#include "lambda_bridge/engines/redshift/function_names.hpp"
#include "lambda_bridge/rows/elements.hpp"

namespace geocell::bridge {
namespace {

using Row = std::array<Element, kMaxArguments + 1>;  // one more, so that too many are too many

RequestOutcome malformed(std::string_view what) {
  RequestOutcome outcome;
  outcome.error = "Batch processing error: Invalid request: " + std::string(what);
  return outcome;
}

std::string unknown_function(std::string_view name) {
  return "Batch processing error: Invalid function " + quoted_excerpt(name) +
         "; should be a function of geocell " + version();
}

RequestOutcome outcome_of(const BatchRun& run, std::string_view function) {
  return {std::string(function), run.rows(), run.error(), run.row_failed()};
}

// --- In one pass. Each function returns false when the document parser has to take over. ---

bool add_row(simdjson::ondemand::value value, BatchRun& run, Row& row) {
  std::size_t count = 0;
  simdjson::ondemand::array arguments;
  if (!value.get_array().get(arguments)) [[likely]] {
    for (auto argument : arguments) {
      simdjson::ondemand::value one;
      if (argument.get(one)) return false;
      const std::size_t place = std::min(count++, kMaxArguments);
      if (!read_element(one, (run.function().double_arguments >> place & 1) != 0, row[place])) return false;
    }
  } else {
    // A function of one argument may get the bare value.
    if (!read_element(value, false, row[count++])) return false;
    if (row[0].is_null()) {
      run.add_null_row();
      return true;
    }
  }
  run.add_row(std::span<const Element>(row.data(), std::min(count, row.size())));
  return true;
}

bool add_rows(simdjson::ondemand::value value, BatchRun& run) {
  simdjson::ondemand::array rows;
  if (value.get_array().get(rows)) return false;
  Row buffer;
  for (auto row : rows) {
    simdjson::ondemand::value one;
    if (row.get(one) || !add_row(one, run, buffer)) return false;
  }
  return true;
}

// The fields of a request that matter, each at most once.
struct Fields {
  std::optional<std::string_view> function;
  std::optional<std::uint64_t> num_records;
  std::optional<BatchRun> run;
};

bool read_field(std::string_view key, simdjson::ondemand::value value, const BatchOptions& options,
                Values& values, Fields& fields) {
  if (key == "external_function") {
    std::string_view name;
    if (fields.function || value.get_string().get(name)) return false;
    fields.function = name;
    return true;
  }
  if (key == "num_records") {
    std::uint64_t number = 0;
    if (fields.num_records || value.get_uint64().get(number)) return false;
    fields.num_records = number;
    return true;
  }
  if (key == "arguments") {
    const Function* function = fields.function ? find_external_function(*fields.function) : nullptr;
    if (function == nullptr || fields.run) return false;
    fields.run.emplace(*function, options, values);
    return add_rows(value, *fields.run);
  }
  Element unused;
  return read_element(value, false, unused);
}

// --- As a document. ---

void add_row(simdjson::dom::element value, BatchRun& run, std::deque<std::string>& texts) {
  if (value.is_null()) return run.add_null_row();
  Row row;
  std::size_t count = 0;
  simdjson::dom::array arguments;
  if (value.get(arguments) == simdjson::SUCCESS) {
    for (const simdjson::dom::element argument : arguments) {
      if (count < row.size()) row[count++] = to_element(argument, &texts);
    }
  } else {
    row[count++] = to_element(value, &texts);
  }
  run.add_row(std::span<const Element>(row.data(), count));
}

}  // namespace

RequestOutcome RequestReader::run(std::string& request, const BatchOptions& options, Values& values) {
  request.reserve(request.size() + simdjson::SIMDJSON_PADDING);
  if (auto outcome = run_in_one_pass(request, options, values)) return std::move(*outcome);
  return run_document(request, options, values);
}

std::optional<RequestOutcome> RequestReader::run_in_one_pass(const std::string& request,
                                                             const BatchOptions& options, Values& values) {
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  const simdjson::padded_string_view bytes(request.data(), request.size(), request.capacity());
  if (one_pass_parser_.iterate(bytes).get(document) || document.get_object().get(object)) return std::nullopt;
  Fields fields;
  for (auto field : object) {
    std::string_view key;
    simdjson::ondemand::value value;
    if (field.unescaped_key().get(key) || field.value().get(value) ||
        !read_field(key, value, options, values, fields)) {
      return std::nullopt;
    }
  }
  const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  if (!at_end || !fields.run) return std::nullopt;
  const std::uint64_t expected = fields.num_records.value_or(0);
  if (expected != 0 && expected != fields.run->rows()) return std::nullopt;
  return outcome_of(*fields.run, *fields.function);
}

RequestOutcome RequestReader::run_document(const std::string& request, const BatchOptions& options,
                                           Values& values) {
  simdjson::dom::element document;
  if (const auto error = document_parser_.parse(request.data(), request.size(), false).get(document)) {
    return malformed(simdjson::error_message(error));
  }
  simdjson::dom::object object;
  if (document.get(object)) return malformed("should be a JSON object");
  std::string_view name;
  if (object["external_function"].get(name)) return malformed("external_function should be a text");
  std::uint64_t num_records = 0;
  if (simdjson::dom::element count; !object["num_records"].get(count) && !count.is_null()) {
    if (count.get(num_records)) return malformed("num_records should be a whole number");
  }
  std::optional<simdjson::dom::array> rows;
  if (simdjson::dom::element arguments; !object["arguments"].get(arguments) && !arguments.is_null()) {
    simdjson::dom::array array;
    if (arguments.get(array)) return malformed("arguments should be an array of rows");
    const auto size = static_cast<std::uint64_t>(std::distance(array.begin(), array.end()));
    if (num_records != 0 && num_records != size) {
      return malformed("num_records is " + std::to_string(num_records) + ", but arguments holds " +
                       std::to_string(size) + " rows");
    }
    num_records = size;
    rows = array;
  }

  const Function* function = find_external_function(name);
  if (function == nullptr) return {std::string(name), num_records, unknown_function(name), false};
  BatchRun run(*function, options, values);
  texts_.clear();
  if (rows) {
    for (const simdjson::dom::element row : *rows) {
      add_row(row, run, texts_);
      if (run.error()) break;
    }
  } else {
    for (std::uint64_t row = 0; row < num_records && !run.error(); ++row) run.add_row({});
  }
  RequestOutcome outcome = outcome_of(run, name);
  outcome.rows = num_records;
  return outcome;
}

}  // namespace geocell::bridge
