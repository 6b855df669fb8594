// Reads the requests of Redshift's envelope (redshift_codec.hpp) and runs them.
//
// There are two parsers. simdjson's on-demand parser goes through the bytes once and hands each row over as
// it comes: it takes what Redshift sends. What it cannot take (a malformed document, a function's name after
// its arguments, arguments that are arrays, no arguments at all) goes to the parser that builds a document,
// which decides what is malformed. Both return the same answer to what both can read.
#pragma once

#include <simdjson.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "lambda_bridge/rows/batch_run.hpp"

namespace geocell::bridge {

// The result of a request, besides its values.
struct RequestOutcome {
  std::string function;              // as the request names it; empty if it does not
  std::size_t rows = 0;              // in the request
  std::optional<std::string> error;  // what fails the batch
  bool row_failed = false;           // the error is a row's
};

// Keeps its memory from one request to the next. One per thread.
class RequestReader {
 public:
  // Fills `values` with one value per row, unless there is an error. `request` may grow by the parser's
  // padding.
  RequestOutcome run(std::string& request, const BatchOptions& options, Values& values);

 private:
  std::optional<RequestOutcome> run_in_one_pass(const std::string& request, const BatchOptions& options,
                                                Values& values);
  RequestOutcome run_document(const std::string& request, const BatchOptions& options, Values& values);

  simdjson::ondemand::parser one_pass_parser_;
  simdjson::dom::parser document_parser_;
  std::deque<std::string> texts_;
};

}  // namespace geocell::bridge
