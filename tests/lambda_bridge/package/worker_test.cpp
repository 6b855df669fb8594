// The worker's zip, run where there is nothing else: health events and every other kind, and it lives on.
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/emulators/runtime_api/fake_runtime_api.hpp"
#include "tests/lambda_bridge/package/packaged_bootstrap.hpp"
#include "tests/support/reading.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kHealth = R"({"geocell":"health"})";

class PackagedWorker : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto package = package::build_package(built_worker(), folder_.path() / "worker.zip");
    ASSERT_TRUE(package.ok()) << package.error().message;
    entries_ = package->entries;
    unpack(package->path, root_ / "var" / "task");
  }
  // The type of the error that an event ends in.
  std::string error_type(const std::string& event) {
    const FakeRuntimeApi::Answer answer = api_.invoke(event);
    EXPECT_TRUE(answer.is_error) << answer.body;
    const json document = json::parse(answer.body);
    EXPECT_EQ(document.at("errorType"), answer.error_type);
    EXPECT_FALSE(document.at("errorMessage").get<std::string>().empty());
    return answer.error_type;
  }
  std::string log() const { return read_bytes(log_); }

  ScratchFolder folder_;
  fs::path root_ = folder_.path() / "root";
  fs::path log_ = folder_.path() / "log";
  FakeRuntimeApi api_{std::chrono::minutes(1)};  // machines are busy
  std::vector<package::Entry> entries_;
};

TEST_F(PackagedWorker, LivesOnInAnEmptyRootWhateverComes) {
  const Jail jail = ::geteuid() == 0 ? Jail::chroot : Jail::user_namespace;
  PackagedBootstrap worker(root_, api_.address(), jail, log_);
  ASSERT_TRUE(api_.wait_for_next(1)) << log();
  const FakeRuntimeApi::Answer healthy = api_.invoke(kHealth);
  EXPECT_FALSE(healthy.is_error);
  EXPECT_EQ(json::parse(healthy.body).at("status"), "ok");
  EXPECT_EQ(json::parse(healthy.body).at("serves"), json::array({"health"}));

  const std::string sqs = R"({"Records":[{"messageId":"1","body":"secret","eventSource":"aws:sqs"}]})";
  EXPECT_NE(api_.invoke(sqs).body.find("this is an Amazon SQS event; this worker serves health"),
            std::string::npos);
  const std::string redshift = R"({"external_function":"g.quadbin_resolution","arguments":[[1]]})";
  for (const std::string& foreign : {sqs, redshift, std::string("{}"), std::string("[]"), std::string("7"),
                                     R"({"geocell":")" + std::string(6'000'000, 'x') + "\"}"}) {
    EXPECT_EQ(error_type(foreign), "Geocell.UnknownEvent");
  }
  for (std::size_t length = 0; length < std::string(kHealth).size(); ++length) {
    EXPECT_EQ(error_type(std::string(kHealth).substr(0, length)), "Geocell.InvalidEvent");
  }
  for (const std::string& hostile :
       {std::string(1'000'000, '['), std::string(1'000'000, '{'), std::string("\0\xff\xfe", 3),
        std::string(R"({"geocell":"\ud800"})"), std::string("{\"geocell\":\"health\"}{"),
        std::string("1e999999"), std::string(6'000'000, '9'), "[" + std::string(6'000'000, ' ')}) {
    EXPECT_EQ(error_type(hostile), "Geocell.InvalidEvent") << hostile.substr(0, 20);
  }
  EXPECT_EQ(api_.invoke(kHealth).body, healthy.body);

  api_.shut_down();
  EXPECT_EQ(worker.wait(), 1);
  EXPECT_NE(log().find(R"("request_id":"request-1","kind":"health","items":1,)"), std::string::npos) << log();
  EXPECT_NE(log().find(R"("kind":"an Amazon SQS event")"), std::string::npos);
  EXPECT_EQ(log().find("secret"), std::string::npos);
}

TEST_F(PackagedWorker, ASettingThatIsWrongIsReported) {
  PackagedBootstrap worker(root_, api_.address(), Jail::user_namespace, log_, {"/var/task/bootstrap"},
                           {"GEOCELL_SERVE=healt"});
  EXPECT_EQ(worker.wait(), 1);
  const std::string message = R"(Invalid environment variable GEOCELL_SERVE "healt"; should be "health")";
  EXPECT_NE(log().find(message), std::string::npos) << log();
  EXPECT_EQ(json::parse(api_.init_error().body).at("errorMessage"), message);
}

// Each program carries what it needs and nothing else: the worker computes no cells.
TEST_F(PackagedWorker, CarriesNoSpatialLibrary) {
  for (const package::Entry& entry : entries_) {
    EXPECT_EQ(entry.name.find("libs2"), std::string::npos) << entry.name;
  }
  EXPECT_EQ(read_bytes(built_worker().bootstrap).find(source_dir()), std::string::npos);
}

}  // namespace
}  // namespace geocell::test
