#include "redshift.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace geocell::bridge {
namespace {

// Buffers that a large batch has grown are given back, so that one does not hold its memory for ever.
constexpr std::size_t kKeptBytes = 16 * 1024 * 1024;

Result<Batch> read_request(simdjson::dom::parser& parser, std::string& request) {
  const auto malformed = [](std::string_view what) {
    return Error{ErrorCode::invalid_text, "Batch processing error: Invalid request: " + std::string(what)};
  };
  request.reserve(request.size() + simdjson::SIMDJSON_PADDING);
  simdjson::dom::element document;
  if (const auto error = parser.parse(request.data(), request.size(), false).get(document)) {
    return malformed(simdjson::error_message(error));
  }
  simdjson::dom::object object;
  if (document.get(object)) return malformed("should be a JSON object");

  Batch batch;
  if (object["external_function"].get(batch.function)) return malformed("external_function should be a text");
  bool has_count = false;
  if (simdjson::dom::element count; !object["num_records"].get(count) && !count.is_null()) {
    std::uint64_t number = 0;
    if (count.get(number)) return malformed("num_records should be a whole number");
    batch.num_records = number;
    has_count = number != 0;
  }
  if (simdjson::dom::element arguments; !object["arguments"].get(arguments) && !arguments.is_null()) {
    simdjson::dom::array rows;
    if (arguments.get(rows)) return malformed("arguments should be an array of rows");
    const std::size_t size = static_cast<std::size_t>(std::distance(rows.begin(), rows.end()));
    if (has_count && batch.num_records != size) {
      return malformed("num_records is " + std::to_string(batch.num_records) + ", but arguments holds " +
                       std::to_string(size) + " rows");
    }
    batch.arguments = rows;
    batch.num_records = size;
  }
  return batch;
}

void release_if_large(std::string& buffer) {
  if (buffer.capacity() > kKeptBytes) std::string().swap(buffer);
}

}  // namespace

std::string_view RedshiftCodec::answer(std::string& request, const RedshiftOptions& options,
                                       InvocationSummary& summary) {
  release_if_large(document_);
  release_if_large(response_);
  release_if_large(values_.text());
  try {
    auto batch = read_request(parser_, request);
    if (!batch) return failure(batch.error().message, 0, options, summary);
    summary.function = batch->function;
    summary.rows = batch->num_records;
    if (const auto error = run_batch(*batch, options.batch, values_)) {
      const bool whole_batch = error->starts_with("Batch");
      return failure(*error, whole_batch ? 0 : batch->num_records, options, summary);
    }
    return success(options, summary);
  } catch (const std::bad_alloc&) {
    return failure(
        "Batch processing error: out of memory; use a smaller MAX_BATCH_ROWS or more memory for the Lambda",
        0, options, summary);
  }
}

std::string_view RedshiftCodec::success(const RedshiftOptions& options, InvocationSummary& summary) {
  document_ = "{\"success\":true,\"num_records\":" + std::to_string(values_.size()) + ",\"results\":[";
  for (std::size_t row = 0; row < values_.size(); ++row) {
    if (row != 0) document_ += ',';
    document_ += values_[row];
  }
  document_ += "]}";
  const std::string_view response = wrapped(options);
  if (response.size() <= options.batch.limits.max_response_bytes) return response;

  std::size_t largest = 0;
  for (std::size_t row = 1; row < values_.size(); ++row) {
    if (values_[row].size() > values_[largest].size()) largest = row;
  }
  const std::string error =
      "Batch processing error: the response of " + std::to_string(values_.size()) + " rows takes " +
      std::to_string(response.size()) + " bytes, more than the limit of " +
      std::to_string(options.batch.limits.max_response_bytes) +
      " bytes of a Lambda response (the largest value is row " + std::to_string(largest) + " with " +
      std::to_string(values_[largest].size()) + " bytes); use a smaller MAX_BATCH_ROWS or a lower resolution";
  return failure(error, values_.size(), options, summary);
}

std::string_view RedshiftCodec::failure(const std::string& error, std::size_t num_records,
                                        const RedshiftOptions& options, InvocationSummary& summary) {
  summary.error = error;
  document_ =
      "{\"success\":false,\"num_records\":" + std::to_string(num_records) + ",\"results\":[],\"error_msg\":";
  append_json_string(document_, error);
  document_ += '}';
  return wrapped(options);
}

// The document as a JSON string. Inside it only quotes and backslashes need a backslash: it is JSON, so it
// holds no control characters.
std::string_view RedshiftCodec::wrapped(const RedshiftOptions& options) {
  if (!options.string_wrapped) return document_;
  response_.clear();
  response_.reserve(document_.size() + document_.size() / 8 + 2);
  response_ += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < document_.size(); ++i) {
    if (document_[i] == '"' || document_[i] == '\\') {
      response_.append(document_, begin, i - begin);
      response_ += '\\';
      begin = i;
    }
  }
  response_.append(document_, begin, std::string::npos);
  response_ += '"';
  return response_;
}

}  // namespace geocell::bridge
