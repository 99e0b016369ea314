"""Questions of customers, answered by searching the words of an agreement."""
