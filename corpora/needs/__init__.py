"""Information needs with judged provisions."""
