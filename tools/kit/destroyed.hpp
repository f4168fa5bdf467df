// Ends what a C library has made, as the deleter of a std::unique_ptr: Destroyed<rd_kafka_destroy>.
#pragma once

namespace sluice::kit {

template <auto Destroy>
struct Destroyed {
  template <class T>
  void operator()(T* one) const noexcept {
    Destroy(one);
  }
};

}  // namespace sluice::kit
