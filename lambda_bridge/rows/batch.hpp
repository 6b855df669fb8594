// What every engine's envelope comes down to: rows of JSON values in (batch_run.hpp), and one JSON value per
// row out. The envelopes (redshift.hpp) are codecs around it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "lambda_bridge/json/text_buffer.hpp"

namespace geocell::bridge {

// What one bad row does to its batch.
enum class RowErrors : std::uint8_t {
  fail,      // the batch fails: "Error processing row 3: …"
  as_value,  // the row's value is the JSON text {"error": …, "row_index": …, "type": …}
  as_null,   // the row's value is null
};

// Limits and habits of an engine; from the environment (config.hpp).
struct Limits {
  std::size_t max_value_bytes = 65535;                    // of one text value: Redshift's VARCHAR
  std::size_t max_response_bytes = std::size_t{6} << 20;  // of the whole response as sent: Lambda's limit
  std::chrono::milliseconds deadline_margin{500};  // a batch that is not done by then fails with an error
};

// One JSON value per row, in order, in one buffer.
class Values {
 public:
  void clear() {
    text_.clear();
    ends_.clear();
  }
  void release() {
    text_.release();
    ends_ = {};
  }
  std::size_t capacity() const { return text_.capacity() + ends_.capacity() * sizeof(std::size_t); }
  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t row) const {
    return text_.view().substr(begin_of(row), ends_[row] - begin_of(row));
  }
  // All of them, with commas between.
  std::string_view joined() const { return text_.view(); }

  // A row's value is what is appended to text() between two calls of end_row().
  TextBuffer& begin_row() {
    if (!ends_.empty()) text_ += ',';
    return text_;
  }
  std::size_t open_row_bytes() const { return text_.size() - begin_of(size()); }
  void drop_open_row() { text_.shrink_to(ends_.empty() ? 0 : ends_.back()); }
  void end_row() { ends_.push_back(text_.size()); }
  // Appends an earlier row's value to the open row.
  void repeat_row(std::size_t row) {
    const std::size_t bytes = ends_[row] - begin_of(row);
    char* out = text_.room(bytes);
    std::memcpy(out, text_.view().data() + begin_of(row), bytes);
    text_.commit(out + bytes);
  }

 private:
  std::size_t begin_of(std::size_t row) const { return row == 0 ? 0 : ends_[row - 1] + 1; }

  TextBuffer text_;
  std::vector<std::size_t> ends_;
};

}  // namespace geocell::bridge
