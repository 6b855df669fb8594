// Redshift's requests as events of the Runtime API.
#pragma once

#include "lambda_bridge/engines/redshift/redshift_codec.hpp"
#include "lambda_bridge/engines/redshift/redshift_options.hpp"
#include "lambda_bridge/runtime/handler.hpp"

namespace geocell::bridge {

class RedshiftHandler final : public Handler {
 public:
  explicit RedshiftHandler(const RedshiftOptions& options) : options_(options) {}

  // Errors are responses too: Redshift reads the error of a batch from "error_msg", and shows it to whoever
  // wrote the query. An invocation that fails would show them Lambda's words instead.
  Response answer(std::string& event, const Invocation& invocation, Summary& summary) override {
    options_.batch.deadline = invocation.deadline;
    return {codec_.answer(event, options_, summary), {}};
  }

 private:
  RedshiftOptions options_;
  RedshiftCodec codec_;
};

}  // namespace geocell::bridge
