"""Managing people: inviting, changing, disabling, handing over."""
