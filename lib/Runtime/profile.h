/*===- profile.h - the counter that profiles are made of --------------------------------------===*/

#ifndef INTAGLIO_LIB_RUNTIME_PROFILE_H
#define INTAGLIO_LIB_RUNTIME_PROFILE_H

/* Whether the target has a counter that every program may read. */
__attribute__((visibility("hidden"))) int intaglio_has_counter(void);

#endif /* INTAGLIO_LIB_RUNTIME_PROFILE_H */
