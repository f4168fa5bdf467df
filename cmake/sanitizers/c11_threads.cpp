// C11's threads by way of POSIX's, for builds with ThreadSanitizer alone: it sees what the pthread functions
// order, but not the mtx_, cnd_ and thrd_ functions by which librdkafka (2.0.2, Debian 12) does everything.
// Without these it neither knows librdkafka's threads, on which our callbacks run, nor that a message was
// written before it was given to us.
//
// glibc defines each C11 type as the POSIX type of the same size and meaning, and implements it the same way.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <memory>

#define SLUICE_VISIBLE extern "C" __attribute__((visibility("default")))

namespace {

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t));
static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t));

pthread_mutex_t* posix(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* posix(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }

int answer(int code) {
  switch (code) {
    case 0:
      return thrd_success;
    case ENOMEM:
      return thrd_nomem;
    case ETIMEDOUT:
      return thrd_timedout;
    case EBUSY:
      return thrd_busy;
    default:
      return thrd_error;
  }
}

struct Start {
  thrd_start_t run;
  void* argument;
};

void* begin(void* given) {
  const std::unique_ptr<Start> start(static_cast<Start*>(given));
  return reinterpret_cast<void*>(static_cast<long>(start->run(start->argument)));
}

}  // namespace

SLUICE_VISIBLE int thrd_create(thrd_t* thread, thrd_start_t run, void* argument) {
  auto start = std::make_unique<Start>(Start{run, argument});
  const int code = pthread_create(thread, nullptr, begin, start.get());
  if (code == 0) [[maybe_unused]]
    auto* owned_by_the_thread = start.release();
  return answer(code);
}

SLUICE_VISIBLE int thrd_join(thrd_t thread, int* result) {
  void* value = nullptr;
  const int code = pthread_join(thread, &value);
  if (code == 0 && result != nullptr) *result = static_cast<int>(reinterpret_cast<long>(value));
  return answer(code);
}

SLUICE_VISIBLE int thrd_detach(thrd_t thread) { return answer(pthread_detach(thread)); }

SLUICE_VISIBLE int mtx_init(mtx_t* mutex, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes,
                            type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  const int code = pthread_mutex_init(posix(mutex), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return answer(code);
}

SLUICE_VISIBLE void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(posix(mutex)); }
SLUICE_VISIBLE int mtx_lock(mtx_t* mutex) { return answer(pthread_mutex_lock(posix(mutex))); }
SLUICE_VISIBLE int mtx_trylock(mtx_t* mutex) { return answer(pthread_mutex_trylock(posix(mutex))); }
SLUICE_VISIBLE int mtx_unlock(mtx_t* mutex) { return answer(pthread_mutex_unlock(posix(mutex))); }

SLUICE_VISIBLE int cnd_init(cnd_t* condition) { return answer(pthread_cond_init(posix(condition), nullptr)); }
SLUICE_VISIBLE void cnd_destroy(cnd_t* condition) { pthread_cond_destroy(posix(condition)); }
SLUICE_VISIBLE int cnd_signal(cnd_t* condition) { return answer(pthread_cond_signal(posix(condition))); }
SLUICE_VISIBLE int cnd_broadcast(cnd_t* condition) {
  return answer(pthread_cond_broadcast(posix(condition)));
}

SLUICE_VISIBLE int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return answer(pthread_cond_wait(posix(condition), posix(mutex)));
}

SLUICE_VISIBLE int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  return answer(pthread_cond_timedwait(posix(condition), posix(mutex), until));
}
