"""What people read: answers, letters, notice, record of processing."""
