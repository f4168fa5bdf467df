#include "mongodb/library.hpp"

#include <mongoc/mongoc.h>

namespace sluice::engine::mongodb {
namespace {

class Library {
 public:
  Library() {
    mongoc_init();
    mongoc_log_set_handler(nullptr, nullptr);  // what happens is told by results, not on stderr
  }
  ~Library() { mongoc_cleanup(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

}  // namespace

void start_library() { static const Library library; }

}  // namespace sluice::engine::mongodb
