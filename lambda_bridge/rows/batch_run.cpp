#include "lambda_bridge/rows/batch_run.hpp"

#include <string_view>

namespace geocell::bridge {
namespace {

constexpr std::size_t kRowsBetweenClockReads = 64;
constexpr std::size_t kQuotes = 2;  // around a text value

std::string row_error_value(std::size_t row, const Error& error) {
  std::string json = "{\"error\": ";
  append_json_string(json, error.message);
  json += ", \"row_index\": " + std::to_string(row) + ", \"type\": \"" +
          std::string(error_code_info(error.code).name) + "\"}";
  return json;
}

Error wrong_arity(const Function& function, std::size_t given) {
  std::string wanted = std::to_string(function.min_arguments);
  if (function.max_arguments != function.min_arguments) {
    wanted += " to " + std::to_string(function.max_arguments);
  }
  return {ErrorCode::invalid_parameter, "Invalid number of arguments \"" + std::to_string(given) + "\"; " +
                                            std::string(function.name) + " takes " + wanted};
}

std::string past_deadline(const Advice& advice) {
  return "The Lambda function's timeout is near and the batch is not done; use " +
         std::string(advice.smaller_batches) + ", a lower resolution, or a longer timeout";
}

Error value_too_long(const Function& function, std::size_t bytes, const Limits& limits) {
  return {ErrorCode::limit_exceeded,
          std::string(function.name) + " gives a value of " + std::to_string(bytes) +
              " bytes, more than the limit of " + std::to_string(limits.max_value_bytes) + " bytes of " +
              std::string(limits.advice.value_holder) + "; " + advice_on_size(function.smaller_form) +
              ", or " + std::string(limits.advice.larger_values)};
}

std::string response_too_long(const Values& values, const Limits& limits) {
  const std::size_t row = values.size() - 1;
  return "Batch processing error: the values of rows 0 to " + std::to_string(row) + " take " +
         std::to_string(values.joined().size()) + " bytes, more than the limit of " +
         std::to_string(limits.max_response_bytes) + " bytes of a Lambda response (row " +
         std::to_string(row) + " alone " + std::to_string(values[row].size()) + " bytes); use " +
         std::string(limits.advice.smaller_batches) + " or a lower resolution";
}

}  // namespace

BatchRun::BatchRun(const Function& function, const BatchOptions& options, Values& values)
    : function_(function), options_(options), values_(values) {
  values_.clear();
  if (options.deadline) deadline_.stop_at = *options.deadline - options.limits.deadline_margin;
  context_.cancelled = &Deadline::poll;
  context_.cancelled_data = &deadline_;
  // A cell takes at least two bytes of text: a bound on the work, the bytes themselves are checked below.
  context_.max_cells = options.limits.max_value_bytes / 2;
  context_.smaller_form = function.smaller_form;
  context_.workspace = &workspace_;
}

void BatchRun::add_row(std::span<const Element> arguments) {
  ++rows_;
  if (error_) return;
  TextBuffer& out = values_.begin_row();
  const Result<void> done = needs_care(arguments.size()) ? call_with_care(arguments, out)
                                                         : function_.call(context_, arguments, out);
  if (!done) [[unlikely]] {
    take_row_error(done.error());
  } else if (const std::size_t bytes = values_.open_row_bytes();
             bytes > options_.limits.max_value_bytes + kQuotes) [[unlikely]] {
    take_row_error(value_too_long(function_, bytes - kQuotes, options_.limits));
  }
  if (error_) [[unlikely]]
    return;
  values_.end_row();
  // Stop as soon as the batch cannot be sent, not after it has filled the memory.
  if (values_.joined().size() > options_.limits.max_response_bytes) [[unlikely]] {
    error_ = response_too_long(values_, options_.limits);
  }
}

void BatchRun::add_null_row() {
  ++rows_;
  if (error_) return;
  values_.begin_row() += "null";
  values_.end_row();
}

void BatchRun::take_row_error(const Error& error) {
  const std::size_t row = values_.size();
  values_.drop_open_row();
  const bool stopped = error.code == ErrorCode::canceled;  // not the row's fault, so never its value
  switch (stopped ? RowErrors::fail : options_.row_errors) {
    case RowErrors::fail:
      error_ = "Error processing row " + std::to_string(row) + ": " +
               (stopped ? past_deadline(options_.limits.advice) : error.message);
      row_failed_ = true;
      break;
    case RowErrors::as_null:
      values_.begin_row() += "null";
      break;
    case RowErrors::as_value:
      append_json_string(values_.begin_row(), row_error_value(row, error));
      break;
  }
}

// Rows that need more than a plain call: those with too few or too many arguments, those that may equal an
// earlier one, and those at which the clock is due (the core polls it within a row, but many rows may be
// quick each).
bool BatchRun::needs_care(std::size_t arguments) const {
  return arguments - function_.min_arguments > function_.max_arguments - function_.min_arguments ||
         function_.repeats_pay || values_.size() % kRowsBetweenClockReads == 0;
}

Result<void> BatchRun::call_with_care(std::span<const Element> arguments, TextBuffer& out) {
  if (arguments.size() < function_.min_arguments || arguments.size() > function_.max_arguments) {
    return wrong_arity(function_, arguments.size());
  }
  if (values_.size() % kRowsBetweenClockReads == 0 && deadline_.passed()) return canceled();
  if (!function_.repeats_pay) return function_.call(context_, arguments, out);
  if (const auto known = known_rows_.find_or_add(arguments, values_.size())) {
    values_.repeat_row(*known);
    return {};
  }
  auto done = function_.call(context_, arguments, out);
  if (!done) known_rows_.drop_last();
  return done;
}

}  // namespace geocell::bridge
