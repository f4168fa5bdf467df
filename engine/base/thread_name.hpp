// Names of threads, so that `top -H`, `ps -L` and debuggers tell which one is busy.
#pragma once

#include <pthread.h>

#include <cstddef>

namespace sluice::engine {

// Of the calling thread; Linux takes at most 15 characters.
template <std::size_t Size>
void name_this_thread(const char (&name)[Size]) noexcept {
  static_assert(Size <= 16, "at most 15 characters");
  pthread_setname_np(pthread_self(), name);
}

}  // namespace sluice::engine
