// What calls leave for the next one of the same thread: tables and memory that would be made again otherwise.
// No answer depends on it; an engine may have one for each thread, each query, or none (CallContext).
#pragma once

#include <memory>
#include <typeinfo>
#include <vector>

namespace geocell {

class Workspace {
 public:
  // The one T that is kept here, made when it is first asked for.
  template <class T>
  T& keep() {
    for (const auto& slot : slots_) {
      if (*slot->type == typeid(T)) return static_cast<Holder<T>&>(*slot).value;
    }
    slots_.push_back(std::make_unique<Holder<T>>());
    return static_cast<Holder<T>&>(*slots_.back()).value;
  }

 private:
  struct Slot {
    explicit Slot(const std::type_info& kept) : type(&kept) {}
    virtual ~Slot() = default;
    const std::type_info* type;
  };
  template <class T>
  struct Holder final : Slot {
    Holder() : Slot(typeid(T)) {}
    T value;
  };
  std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace geocell
