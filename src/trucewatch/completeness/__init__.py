"""Say what could have been noticed, where and when: silence is not compliance."""
