// Text that grows at its end: what the bridge writes its values into. Unlike std::string it hands out room to
// write into without filling it first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace geocell::bridge {

class TextBuffer {
 public:
  // Room for `bytes` more; commit() says how many were used. Invalidates views.
  char* room(std::size_t bytes) {
    if (capacity_ - size_ < bytes) grow(bytes);
    return bytes_.get() + size_;
  }
  void commit(const char* end) { size_ = static_cast<std::size_t>(end - bytes_.get()); }

  TextBuffer& operator+=(std::string_view text) {
    if (text.empty()) return *this;  // its data may be null, which memcpy() must not be given
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
    return *this;
  }
  TextBuffer& operator+=(char c) {
    *room(1) = c;
    ++size_;
    return *this;
  }

  std::string_view view() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  // REQUIRES: size <= size()
  void shrink_to(std::size_t size) { size_ = size; }
  void clear() { size_ = 0; }
  void release() { *this = TextBuffer(); }

 private:
  void grow(std::size_t bytes) {
    constexpr std::size_t kFirstBytes = 4096;
    const std::size_t capacity = std::max({size_ + bytes, 2 * capacity_, kFirstBytes});
    auto grown = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ != 0) std::memcpy(grown.get(), bytes_.get(), size_);
    bytes_ = std::move(grown);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace geocell::bridge
