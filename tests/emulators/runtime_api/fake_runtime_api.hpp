// A Runtime API that lives in the test: what Lambda's emulator cannot do (refusals, broken answers,
// concurrency, responses over the limit, checked deadlines) can be done here.
#pragma once

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace geocell::test {

class FakeRuntimeApi {
 public:
  struct Answer {
    std::string body;
    bool is_error = false;   // came to …/error
    std::string error_type;  // header of …/error
    std::string content_type;
  };

  // `patience`: how long to wait for what should come, before it is a failure.
  explicit FakeRuntimeApi(std::chrono::seconds patience = std::chrono::seconds(10));
  ~FakeRuntimeApi();
  FakeRuntimeApi(const FakeRuntimeApi&) = delete;
  FakeRuntimeApi& operator=(const FakeRuntimeApi&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Queues an invocation and waits for what is posted for it. Throws when it does not come.
  Answer invoke(const std::string& payload, std::chrono::milliseconds time_left = std::chrono::seconds(60));
  // The same in two steps, to have several under way.
  std::string queue(const std::string& payload,
                    std::chrono::milliseconds time_left = std::chrono::seconds(60));
  Answer wait_for(const std::string& id);

  // From now on /next answers with this status and no invocation; 0: as usual.
  void fail_next(int status);
  // The next post to …/response is answered with this status (and not recorded as the answer).
  void refuse_response(int status);
  // Answers /next with 500, on which a runtime has to exit.
  void shut_down() { fail_next(500); }
  Answer init_error();
  int next_calls();
  // False: /next has not been called that often.
  bool wait_for_next(int calls);

 private:
  struct Invocation {
    std::string id;
    std::string payload;
    std::chrono::milliseconds time_left;
  };
  void on_next(httplib::Response& response);
  void on_post(const httplib::Request& request, httplib::Response& response, bool is_error);

  std::chrono::seconds patience_;
  httplib::Server server_;
  std::thread thread_;
  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Invocation> waiting_;
  std::map<std::string, Answer> answers_;
  std::vector<Answer> init_errors_;
  int invocations_ = 0;
  int next_status_ = 0;
  int response_status_ = 0;
  int next_calls_ = 0;
  bool closing_ = false;
};

}  // namespace geocell::test
