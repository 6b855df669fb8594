#include "tests/emulators/runtime_api/fake_runtime_api.hpp"

#include <stdexcept>
#include <utility>

namespace geocell::test {

FakeRuntimeApi::FakeRuntimeApi(std::chrono::seconds patience) : patience_(patience) {
  // Headers and body are two writes; without this the second waits for an acknowledgement of the first.
  server_.set_tcp_nodelay(true);
  server_.new_task_queue = [] { return new httplib::ThreadPool(32); };
  server_.Get("/2018-06-01/runtime/invocation/next",
              [this](const httplib::Request&, httplib::Response& response) { on_next(response); });
  server_.Post(R"(/2018-06-01/runtime/invocation/([^/]+)/response)",
               [this](const httplib::Request& request, httplib::Response& response) {
                 on_post(request, response, false);
               });
  server_.Post(R"(/2018-06-01/runtime/invocation/([^/]+)/error)",
               [this](const httplib::Request& request, httplib::Response& response) {
                 on_post(request, response, true);
               });
  server_.Post(
      "/2018-06-01/runtime/init/error", [this](const httplib::Request& request, httplib::Response& response) {
        const std::lock_guard lock(mutex_);
        init_errors_.push_back(
            {request.body, true, request.get_header_value("Lambda-Runtime-Function-Error-Type"), ""});
        response.status = 202;
        changed_.notify_all();
      });
  port_ = server_.bind_to_any_port("127.0.0.1");
  thread_ = std::thread([this] { server_.listen_after_bind(); });
  while (!server_.is_running()) std::this_thread::yield();
}

FakeRuntimeApi::~FakeRuntimeApi() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
  }
  server_.stop();
  thread_.join();
}

void FakeRuntimeApi::on_next(httplib::Response& response) {
  std::unique_lock lock(mutex_);
  ++next_calls_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return closing_ || next_status_ != 0 || !waiting_.empty(); });
  if (closing_ || next_status_ != 0) {
    response.status = closing_ ? 500 : next_status_;
    return;
  }
  const Invocation invocation = waiting_.front();
  waiting_.pop_front();
  const auto deadline = std::chrono::system_clock::now() + invocation.time_left;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(deadline.time_since_epoch()).count();
  response.set_header("Lambda-Runtime-Aws-Request-Id", invocation.id);
  response.set_header("Lambda-Runtime-Deadline-Ms", std::to_string(ms));
  response.set_header("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1");
  response.set_content(invocation.payload, "application/json");
}

void FakeRuntimeApi::on_post(const httplib::Request& request, httplib::Response& response, bool is_error) {
  const std::lock_guard lock(mutex_);
  if (!is_error && response_status_ != 0) {
    response.status = std::exchange(response_status_, 0);
    return;
  }
  answers_[request.matches[1]] = {request.body, is_error,
                                  request.get_header_value("Lambda-Runtime-Function-Error-Type"),
                                  request.get_header_value("Content-Type")};
  response.status = 202;
  changed_.notify_all();
}

std::string FakeRuntimeApi::queue(const std::string& payload, std::chrono::milliseconds time_left) {
  const std::lock_guard lock(mutex_);
  const std::string id = "request-" + std::to_string(++invocations_);
  waiting_.push_back({id, payload, time_left});
  changed_.notify_all();
  return id;
}

FakeRuntimeApi::Answer FakeRuntimeApi::wait_for(const std::string& id) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, patience_, [&] { return answers_.contains(id); })) {
    throw std::runtime_error("no answer to " + id);
  }
  Answer answer = std::move(answers_[id]);
  answers_.erase(id);
  return answer;
}

FakeRuntimeApi::Answer FakeRuntimeApi::invoke(const std::string& payload,
                                              std::chrono::milliseconds time_left) {
  return wait_for(queue(payload, time_left));
}

void FakeRuntimeApi::fail_next(int status) {
  const std::lock_guard lock(mutex_);
  next_status_ = status;
  changed_.notify_all();
}

void FakeRuntimeApi::refuse_response(int status) {
  const std::lock_guard lock(mutex_);
  response_status_ = status;
}

int FakeRuntimeApi::next_calls() {
  const std::lock_guard lock(mutex_);
  return next_calls_;
}

bool FakeRuntimeApi::wait_for_next(int calls) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience_, [&] { return next_calls_ >= calls; });
}

FakeRuntimeApi::Answer FakeRuntimeApi::init_error() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, patience_, [&] { return !init_errors_.empty(); })) {
    throw std::runtime_error("no init error");
  }
  return init_errors_.front();
}

}  // namespace geocell::test
