// A batch under way: calls one function row by row and collects the values.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "geocell/call_context.hpp"
#include "geocell/function_info.hpp"
#include "geocell/workspace.hpp"
#include "lambda_bridge/rows/batch.hpp"
#include "lambda_bridge/rows/dispatch.hpp"
#include "lambda_bridge/rows/known_rows.hpp"

namespace geocell::bridge {

struct BatchOptions {
  Limits limits;
  RowErrors row_errors = RowErrors::fail;
  std::optional<std::chrono::system_clock::time_point> deadline{};
};

class BatchRun {
 public:
  // Clears `values` and fills it with one value per row. What is passed has to outlive the run.
  BatchRun(const Function& function, const BatchOptions& options, Values& values);

  // The texts of `arguments` have to outlive the run. After an error that fails the batch, rows are counted
  // but no longer computed.
  void add_row(std::span<const Element> arguments);
  void add_null_row();  // a whole row may be null, and so is its value

  const Function& function() const { return function_; }
  std::size_t rows() const { return rows_; }
  // What fails the batch: "Error processing row 3: …" or "Batch processing error: …".
  const std::optional<std::string>& error() const { return error_; }
  bool row_failed() const { return row_failed_; }  // the error is a row's

 private:
  // Stops the core when the invocation's deadline is near.
  struct Deadline {
    std::optional<std::chrono::system_clock::time_point> stop_at;
    bool passed() const { return stop_at && std::chrono::system_clock::now() >= *stop_at; }
    static bool poll(void* self) { return static_cast<const Deadline*>(self)->passed(); }
  };

  bool needs_care(std::size_t arguments) const;
  Result<void> call_with_care(std::span<const Element> arguments, TextBuffer& out);
  void take_row_error(const Error& error);

  const Function& function_;
  const BatchOptions& options_;
  Values& values_;
  Deadline deadline_;
  Workspace workspace_;
  CallContext context_;
  std::size_t rows_ = 0;
  std::optional<std::string> error_;
  bool row_failed_ = false;

  KnownRows known_rows_;
};

}  // namespace geocell::bridge
