// The envelope of Amazon Redshift's external functions (Lambda UDFs).
//
//   request   {"external_function": "schema.f", "num_records": 2, "arguments": [[1, 2], null], …}
//   response  {"success": true, "num_records": 2, "results": [3, null]}
//             {"success": false, "num_records": 2, "results": [], "error_msg": "Error processing row 0: …"}
//
// Source: AWS, "Creating a scalar Lambda UDF". By default the response is sent as a JSON string that holds
// the document, as every AWS sample does; plain objects on request.
#pragma once

#include <string>
#include <string_view>

#include "lambda_bridge/engines/redshift/request.hpp"
#include "lambda_bridge/rows/batch_run.hpp"

namespace geocell::bridge {

struct RedshiftOptions {
  BatchOptions batch;
  bool string_wrapped = true;
};

// What the log line of an invocation says of it; never the payload.
struct InvocationSummary {
  std::string function;
  std::size_t rows = 0;
  std::string error;  // empty: none
};

// Answers requests; keeps its buffers from one to the next. One per thread.
class RedshiftCodec {
 public:
  // Always gives a response, whatever the bytes. `request` may be changed (grown by the parser's padding).
  // The view is valid until the next call.
  std::string_view answer(std::string& request, const RedshiftOptions& options, InvocationSummary& summary);

 private:
  std::string_view success(const RedshiftOptions& options, InvocationSummary& summary);
  std::string_view failure(const std::string& error, std::size_t num_records, const RedshiftOptions& options,
                           InvocationSummary& summary);
  // The document's parts, as a JSON string or as they are.
  void send(std::string_view head, std::string_view body, std::string_view tail,
            const RedshiftOptions& options);

  RequestReader reader_;
  Values values_;
  TextBuffer response_;
};

}  // namespace geocell::bridge
