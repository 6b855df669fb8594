// The seam between the loop that talks to the Runtime API (runtime.hpp) and what answers events. The loop
// knows how an event comes and where its answer goes; a handler knows what the bytes mean. Neither knows the
// other's part: a new event format is a new handler, and the loop stays as it is.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace geocell::bridge {

// What the runtime knows of an event besides its bytes.
struct Invocation {
  std::string request_id;
  std::string trace_id;  // AWS X-Ray's; empty: none
  // When Lambda kills the process, by the wall clock. A handler ends some time before.
  std::optional<std::chrono::system_clock::time_point> deadline;
};

// What the log line of an invocation says about it. Never the payload: values belong to the caller, and a log
// has other readers than the caller has.
struct Summary {
  std::string_view kind_key = "kind";  // the JSON keys of the next two; a handler names them in its own words
  std::string_view items_key = "items";
  std::string kind;       // which function, statement or source; the first 128 bytes are logged
  std::size_t items = 0;  // rows, records, statements: what the work is counted in
  // Empty: none. Only what precedes its first colon is logged, since the rest may quote the caller's values.
  std::string error;
};

struct Response {
  std::string_view body;  // JSON, valid until the handler's next answer
  // Empty: `body` is the answer, even where it reports an error in a form that its caller understands. Else
  // the invocation failed with this type ("Geocell.UnknownEvent") and `body` says why, as error_document()
  // writes it: Lambda hands it to a caller who waits, and retries or dead-letters an event that nobody waits
  // for.
  std::string_view error_type;
};

class Handler {
 public:
  Handler() = default;
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  virtual ~Handler() = default;

  // Always responds, whatever the bytes: malformed, hostile or huge input is a response, never an exception
  // and never the end of the process. `event` may be changed and grown (a parser's padding). `summary` comes
  // empty. Called again and again, from one thread.
  virtual Response answer(std::string& event, const Invocation& invocation, Summary& summary) = 0;
};

// Called once by each thread that serves events, so that handlers keep their buffers and need no locks. What
// it captures is shared by those threads.
using HandlerMaker = std::function<std::unique_ptr<Handler>()>;

}  // namespace geocell::bridge
