#include "extension/guard.hpp"

namespace geocell::pg {

void Failure::fail(ErrorCode error_code, std::string_view text) noexcept {
  failed = true;
  code = error_code;
  std::size_t length = std::min(text.size(), kMaxMessageBytes - 1);
  // Cut between characters: bytes 10xxxxxx continue one.
  if (length < text.size()) {
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
  }
  std::memcpy(message, text.data(), length);
  message[length] = '\0';
}

void Failure::fail_with_exception() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::out_of_memory, "out of memory");
  } catch (const std::exception& exception) {
    fail(ErrorCode::internal, exception.what());
  } catch (...) {
    fail(ErrorCode::internal, "unknown exception");
  }
}

}  // namespace geocell::pg
