#include "lambda_bridge/runtime/error_document.hpp"

#include "lambda_bridge/json/json_escape.hpp"

namespace geocell::bridge {

std::string error_document(std::string_view type, std::string_view message) {
  std::string json = "{\"errorType\":";
  append_json_string(json, type);
  json += ",\"errorMessage\":";
  append_json_string(json, message);
  return json + ",\"stackTrace\":[]}";
}

}  // namespace geocell::bridge
