// What every engine's envelope comes down to: a function, rows of JSON values, and one JSON value per row.
// The envelopes (redshift.hpp) are codecs around it.
#pragma once

#include <simdjson.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geocell/status.hpp"

namespace geocell::bridge {

// What one bad row does to its batch.
enum class RowErrors : std::uint8_t {
  fail,      // the batch fails: "Error processing row 3: …"
  as_value,  // the row's value is the JSON text {"error": …, "row_index": …, "type": …}
  as_null,   // the row's value is null
};

// Limits and habits of an engine; from the environment (config.hpp).
struct Limits {
  std::size_t max_value_bytes = 65535;  // of one text value: Redshift's VARCHAR
  std::size_t max_response_bytes =
      6 * 1024 * 1024;  // of the whole response as sent: Lambda's synchronous limit
  std::chrono::milliseconds deadline_margin{500};  // a batch that is not done by then fails with an error
};

struct Batch {
  std::string_view function;                      // without schema and leading underscores of internal names
  std::optional<simdjson::dom::array> arguments;  // none: `num_records` rows without arguments
  std::size_t num_records = 0;
};

// One JSON value per row, in order, in one buffer.
class Values {
 public:
  void clear() {
    text_.clear();
    ends_.clear();
  }
  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::string_view(text_).substr(begin, ends_[row] - begin);
  }
  // A row's value is what is appended to text() between two calls of end_row().
  std::string& text() { return text_; }
  std::size_t row_begin() const { return ends_.empty() ? 0 : ends_.back(); }
  void end_row() { ends_.push_back(text_.size()); }
  void repeat_row(std::size_t row) {
    const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
    text_.append(text_, begin, ends_[row] - begin);
    end_row();
  }
  void drop_open_row() { text_.resize(row_begin()); }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace geocell::bridge
