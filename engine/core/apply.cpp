#include "core/apply.hpp"
