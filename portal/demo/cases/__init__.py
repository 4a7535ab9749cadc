"""What is asked of each window, in Spanish as the people of the demo write."""
