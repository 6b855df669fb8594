#include "tests/support/golden.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include "tests/support/source_dir.hpp"

namespace geocell::test {

std::vector<GoldenCase> load_golden_cases() {
  const std::filesystem::path root = std::filesystem::path(source_dir()) / "tests" / "golden";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);

  std::vector<GoldenCase> cases;
  for (const auto& file : files) {
    std::ifstream stream(file);
    const auto document = nlohmann::json::parse(stream);
    std::size_t index = 0;
    for (const auto& entry : document.at("cases")) {
      GoldenCase golden;
      golden.function = document.at("function");
      golden.where = std::filesystem::relative(file, root).string() + " case " + std::to_string(index++);
      golden.args = entry.at("args");
      if (entry.contains("result")) golden.result = entry["result"];
      if (entry.contains("error")) golden.error = entry["error"];
      if (golden.result.has_value() == golden.error.has_value()) {
        throw std::runtime_error(golden.where + ": needs exactly one of result and error");
      }
      golden.ulps = entry.value("ulps", 0);
      cases.push_back(std::move(golden));
    }
  }
  return cases;
}

}  // namespace geocell::test
