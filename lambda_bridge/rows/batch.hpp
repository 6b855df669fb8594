// What every engine's envelope comes down to: rows of JSON values in (batch_run.hpp), and one JSON value per
// row out. The envelopes (engines/) are codecs around it, and hand in the engine's limits and its words.
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

// What to do about a limit, in the words of the engine whose user reads them. Parts of error texts: no
// capital, no full stop. Literals, or texts that outlive every batch.
struct Advice {
  std::string_view value_holder;     // what holds a value, after "the limit of 65535 bytes of"
  std::string_view larger_values;    // how to raise that limit, after "use a lower resolution, or"
  std::string_view smaller_batches;  // how to get fewer rows at once, after "use"
};

// Limits of an engine. There is no default: each engine states its own.
struct Limits {
  std::size_t max_value_bytes;                // of one text value
  std::size_t max_response_bytes;             // of the whole response as sent
  std::chrono::milliseconds deadline_margin;  // a batch that is not done by then fails with an error
  Advice advice;
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
