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

#include "lambda_bridge/engines/redshift/redshift_options.hpp"
#include "lambda_bridge/engines/redshift/request.hpp"
#include "lambda_bridge/runtime/handler.hpp"

namespace geocell::bridge {

// Answers requests; keeps its buffers from one to the next. One per thread.
class RedshiftCodec {
 public:
  // Always returns a response, whatever the bytes. `request` may be changed (grown by the parser's padding).
  // The view is valid until the next call. The summary is in Redshift's words: "function" and "rows".
  std::string_view answer(std::string& request, const RedshiftOptions& options, Summary& summary);

 private:
  std::string_view success(const RedshiftOptions& options, Summary& summary);
  std::string_view failure(const std::string& error, std::size_t num_records, const RedshiftOptions& options,
                           Summary& summary);
  // The document's parts, as a JSON string or as they are.
  void send(std::string_view head, std::string_view body, std::string_view tail,
            const RedshiftOptions& options);

  RequestReader reader_;
  Values values_;
  TextBuffer response_;
};

}  // namespace geocell::bridge
