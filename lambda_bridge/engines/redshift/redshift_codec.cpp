#include "lambda_bridge/engines/redshift/redshift_codec.hpp"

#include <new>

#include "lambda_bridge/json/json_escape.hpp"

namespace geocell::bridge {
namespace {

// Buffers that a large batch has grown are freed, so that one batch does not hold its memory for ever.
constexpr std::size_t kKeptBytes = std::size_t{16} * 1024 * 1024;

}  // namespace

std::string_view RedshiftCodec::answer(std::string& request, const RedshiftOptions& options,
                                       Summary& summary) {
  if (response_.capacity() > kKeptBytes) response_.release();
  if (values_.capacity() > kKeptBytes) values_.release();
  summary.kind_key = "function";
  summary.items_key = "rows";
  try {
    RequestOutcome outcome = reader_.run(request, options.batch, values_);
    summary.kind = std::move(outcome.function);
    summary.items = outcome.rows;
    if (outcome.error)
      return failure(*outcome.error, outcome.row_failed ? outcome.rows : 0, options, summary);
    return success(options, summary);
  } catch (const std::bad_alloc&) {
    return failure("Batch processing error: out of memory; use " +
                       std::string(options.batch.limits.advice.smaller_batches) +
                       " or more memory for the Lambda",
                   0, options, summary);
  }
}

std::string_view RedshiftCodec::success(const RedshiftOptions& options, Summary& summary) {
  response_.clear();
  const std::string head =
      "{\"success\":true,\"num_records\":" + std::to_string(values_.size()) + ",\"results\":[";
  send(head, values_.joined(), "]}", options);
  if (response_.size() <= options.batch.limits.max_response_bytes) return response_.view();

  std::size_t largest = 0;
  for (std::size_t row = 1; row < values_.size(); ++row) {
    if (values_[row].size() > values_[largest].size()) largest = row;
  }
  const std::string error =
      "Batch processing error: the response of " + std::to_string(values_.size()) + " rows takes " +
      std::to_string(response_.size()) + " bytes, more than the limit of " +
      std::to_string(options.batch.limits.max_response_bytes) +
      " bytes of a Lambda response (the largest value is row " + std::to_string(largest) + " with " +
      std::to_string(values_[largest].size()) + " bytes); use " +
      std::string(options.batch.limits.advice.smaller_batches) + " or a lower resolution";
  return failure(error, values_.size(), options, summary);
}

std::string_view RedshiftCodec::failure(const std::string& error, std::size_t num_records,
                                        const RedshiftOptions& options, Summary& summary) {
  summary.error = error;
  std::string text;
  append_json_string(text, error);
  response_.clear();
  send("{\"success\":false,\"num_records\":" + std::to_string(num_records) + ",\"results\":[],\"error_msg\":",
       text, "}", options);
  return response_.view();
}

void RedshiftCodec::send(std::string_view head, std::string_view body, std::string_view tail,
                         const RedshiftOptions& options) {
  if (options.string_wrapped) response_ += '"';
  for (const std::string_view part : {head, body, tail}) {
    if (options.string_wrapped) {
      append_escaped(response_, part);
    } else {
      response_ += part;
    }
  }
  if (options.string_wrapped) response_ += '"';
}

}  // namespace geocell::bridge
