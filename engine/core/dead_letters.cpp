#include "core/dead_letters.hpp"
